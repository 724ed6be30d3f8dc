select adj_node from network where node = 94
union
select node from network where adj_node = 94
union
select n2.adj_node from network n1 join network n2 on n2.node = n1.adj_node where n1.node = 94

resource "aws_iam_role" "instance" {
  name               = var.name
  description        = "What camel-ingest calls, and fetching its release"
  assume_role_policy = local.instance_trust
}

resource "aws_iam_role_policy" "instance" {
  name   = var.name
  role   = aws_iam_role.instance.id
  policy = local.instance_policy
}

resource "aws_iam_instance_profile" "instance" {
  name = var.name
  role = aws_iam_role.instance.name
}

resource "aws_key_pair" "operator" {
  key_name   = var.name
  public_key = var.ssh_public_key
}

# Debian's own images.
data "aws_ami" "debian" {
  owners = ["136693071363"]

  filter {
    name   = "name"
    values = [var.image]
  }
}

# What ./manage.sh build made, and what it is installed with, where a checkout has them.
locals {
  checkout = abspath("${path.module}/../..")
  release_files = setunion(
    fileset(local.checkout, "{routes,sql}/**"),
    fileset(local.checkout, "deploy/systemd/*"),
    fileset(local.checkout, "deploy/postgresql.conf"),
    ["target/camel-ingest.jar"],
  )
}

resource "aws_s3_object" "release" {
  for_each = local.release_files

  bucket      = aws_s3_bucket.release.id
  key         = each.value
  source      = "${local.checkout}/${each.value}"
  source_hash = filemd5("${local.checkout}/${each.value}")

  depends_on = [aws_s3_bucket_policy.this]
}

resource "aws_instance" "this" {
  ami                         = data.aws_ami.debian.id
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.this.id
  vpc_security_group_ids      = [aws_security_group.instance.id]
  associate_public_ip_address = true
  key_name                    = aws_key_pair.operator.key_name
  iam_instance_profile        = aws_iam_instance_profile.instance.name
  user_data                   = local.user_data

  # A backlog takes longer then, and costs no more.
  credit_specification {
    cpu_credits = "standard"
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = var.disk_gb
    encrypted   = true
  }

  tags = { Name = var.name }

  # The database is on it: a newer image or other user data are for the next instance, which
  # -replace=aws_instance.this makes.
  lifecycle {
    ignore_changes = [ami, user_data]
  }

  depends_on = [
    aws_iam_role_policy.instance,
    aws_internet_gateway.this,
    aws_route_table_association.this,
    aws_s3_object.release,
    aws_vpc_security_group_egress_rule.this,
  ]
}

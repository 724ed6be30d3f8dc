output "settings" {
  description = "The settings that the instance has; those of the database are made there"
  value       = local.settings
}

output "upload" {
  description = "Where objects to load go"
  value       = [for dataset in sort(var.datasets) : "s3://${local.bucket}/${dataset}/"]
}

output "ssh" {
  description = "How to reach the instance, from the one address that may"
  value       = "ssh admin@${aws_instance.this.public_ip}"
}

output "database" {
  description = "How psql and pgAdmin reach PostgreSQL: through this, at localhost:5432, database ingest, user analyst"
  value       = "ssh -N -L 5432:127.0.0.1:5432 admin@${aws_instance.this.public_ip}"
}

output "update" {
  description = "After ./manage.sh build and terraform apply: installs the new release, and restarts the service"
  value       = "ssh admin@${aws_instance.this.public_ip} sudo camel-ingest-update"
}

output "dead_letters" {
  description = "URL of the queue with the messages that nobody understood"
  value       = aws_sqs_queue.dead_letters.url
}

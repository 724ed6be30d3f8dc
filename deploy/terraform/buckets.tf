# Two buckets: one for the objects to load, one for the release that the instance installs. Who may write objects must
# not be able to change what the instance runs.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  buckets = {
    objects = aws_s3_bucket.objects
    release = aws_s3_bucket.release
  }
}

resource "aws_s3_bucket" "objects" {
  bucket = local.bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket" "release" {
  bucket        = local.release_bucket
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

# With S3's own key: with one of KMS, requests would cost more, and the role would have to be let use it.
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets

  bucket = each.value.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  bucket = each.value.id
  policy = local.bucket_policies[each.key]

  depends_on = [aws_s3_bucket_public_access_block.this]
}

# The bucket is what the database is loaded from again: what somebody overwrites or deletes by mistake can be fetched
# back for 30 days. With versions, too, exactly the version that was loaded is tagged.
resource "aws_s3_bucket_versioning" "objects" {
  bucket = aws_s3_bucket.objects.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "objects" {
  bucket = aws_s3_bucket.objects.id

  rule {
    id     = "earlier-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  # Parts of uploads, and of copies to loaded/, that nobody ended.
  rule {
    id     = "incomplete-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.objects]
}

resource "aws_s3_bucket_notification" "objects" {
  bucket = aws_s3_bucket.objects.id

  dynamic "queue" {
    for_each = var.datasets

    content {
      id            = queue.value
      queue_arn     = aws_sqs_queue.events.arn
      events        = local.events
      filter_prefix = "${queue.value}/"
    }
  }

  # S3 tries whether it may send.
  depends_on = [aws_sqs_queue_policy.events]
}

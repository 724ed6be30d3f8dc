# Who may do what. Nothing here is asked of AWS, so the policies can be looked at without it: see check.

locals {
  bucket         = var.bucket
  release_bucket = "${var.bucket}-release"

  bucket_arns = {
    objects = "arn:${local.partition}:s3:::${local.bucket}"
    release = "arn:${local.partition}:s3:::${local.release_bucket}"
  }
  queue_arn        = "arn:${local.partition}:sqs:${var.region}:${local.account}:${var.name}"
  dead_letters_arn = "arn:${local.partition}:sqs:${var.region}:${local.account}:${var.name}-dead-letters"

  objects_to_load = [for dataset in sort(var.datasets) : "${local.bucket_arns.objects}/${dataset}/*"]
  # ingest.move-to as it is by default
  objects_moved = ["${local.bucket_arns.objects}/loaded/*"]

  # What docs/settings.md and docs/discovery.md say that the application needs.
  always = [
    {
      Sid      = "List"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [local.bucket_arns.objects]
    },
    {
      Sid      = "Fetch"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = local.objects_to_load
    },
    {
      Sid    = "Hear"
      Effect = "Allow"
      Action = [
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
      ]
      Resource = [local.queue_arn]
    },
  ]

  after_load = {
    keep = []
    tag = [
      {
        Sid    = "Tag"
        Effect = "Allow"
        Action = [
          "s3:DeleteObjectTagging",
          "s3:GetObjectTagging",
          "s3:GetObjectVersionTagging",
          "s3:PutObjectTagging",
          "s3:PutObjectVersionTagging",
        ]
        Resource = local.objects_to_load
      },
    ]
    move = [
      {
        Sid    = "Move"
        Effect = "Allow"
        Action = [
          "s3:DeleteObject",
          "s3:GetObjectTagging",
        ]
        Resource = local.objects_to_load
      },
      {
        Sid    = "MoveTo"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:GetObject",
          "s3:PutObject",
          "s3:PutObjectTagging",
        ]
        Resource = local.objects_moved
      },
    ]
    delete = [
      {
        Sid      = "Delete"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject"]
        Resource = local.objects_to_load
      },
    ]
  }

  # What the instance fetches to install the application.
  release = [
    {
      Sid      = "ListRelease"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [local.bucket_arns.release]
    },
    {
      Sid      = "FetchRelease"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${local.bucket_arns.release}/*"]
    },
  ]

  instance_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.always, local.after_load[var.after_load], local.release)
  })

  instance_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })

  # Nobody reads or writes it without TLS.
  bucket_policies = {
    for bucket, arn in local.bucket_arns : bucket => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [arn, "${arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
    })
  }

  tls_only = {
    for arn in [local.queue_arn, local.dead_letters_arn] : arn => {
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }
  }

  # S3 may send for this bucket of this account. A bucket's ARN has no account, so that its name alone would not do.
  queue_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "EventsOfTheBucket"
        Effect    = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = local.queue_arn
        Condition = {
          ArnEquals    = { "aws:SourceArn" = local.bucket_arns.objects }
          StringEquals = { "aws:SourceAccount" = local.account }
        }
      },
      local.tls_only[local.queue_arn],
    ]
  })

  dead_letters_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.tls_only[local.dead_letters_arn]]
  })

  redrive_policy = jsonencode({
    deadLetterTargetArn = local.dead_letters_arn
    # A message goes once its objects stand in the ledger; what comes so often is nothing that anybody understands.
    maxReceiveCount = 5
  })

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arn]
  })

  events = ["s3:ObjectCreated:*", "s3:ObjectRestore:Completed"]
}

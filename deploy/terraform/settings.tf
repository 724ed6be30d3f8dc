# What the instance is told; like the policies, it is asked of nobody.

locals {
  # No secret is among them: the passwords are made on the instance, and stay there.
  settings = {
    INGEST_BUCKET     = local.bucket
    INGEST_QUEUE      = var.name
    INGEST_AFTER_LOAD = var.after_load
    AWS_REGION        = var.region
  }

  user_data = join("", concat(
    ["#!/usr/bin/env bash\n", "release='${local.release_bucket}'\n", "declare -A ingest=(\n"],
    [for key, value in local.settings : "  [${key}]='${value}'\n"],
    [")\n\n"],
    [file("${path.module}/instance.sh")],
  ))
}

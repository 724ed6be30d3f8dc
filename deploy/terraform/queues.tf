resource "aws_sqs_queue" "events" {
  name = var.name

  # As the application asks for with each receipt: it needs milliseconds to enter objects into the ledger.
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 20
  # What stays longer costs only delay: the bucket is compared with the ledger, too.
  message_retention_seconds = 4 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
  redrive_policy            = local.redrive_policy

  depends_on = [aws_sqs_queue.dead_letters]
}

resource "aws_sqs_queue_policy" "events" {
  queue_url = aws_sqs_queue.events.url
  policy    = local.queue_policy
}

resource "aws_sqs_queue" "dead_letters" {
  name = "${var.name}-dead-letters"

  # As long as SQS can; it counts from when the message was first sent, so longer than that of the queue before it.
  message_retention_seconds = 14 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.url
  policy    = local.dead_letters_policy
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url            = aws_sqs_queue.dead_letters.url
  redrive_allow_policy = local.redrive_allow_policy
}

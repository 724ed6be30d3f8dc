variable "region" {
  description = "AWS region of everything, such as eu-central-1"
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region wants the name of an AWS region, such as eu-central-1."
  }
}

variable "name" {
  description = "Name of the queue, the role and the instance, and what their names begin with"
  type        = string
  default     = "camel-ingest"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "name wants 2 to 31 small letters, digits and hyphens, a letter first."
  }
}

variable "bucket" {
  description = "Name of the bucket for the objects to load, the only one of its name in the world; the release goes to BUCKET-release"
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,53}[a-z0-9]$", var.bucket))
    error_message = "bucket wants 3 to 55 small letters, digits and hyphens."
  }
}

variable "datasets" {
  description = "The datasets that routes load, each from the objects under its name; only these are told of, and only these may be read"
  type        = set(string)
  default     = ["network", "visits"]

  validation {
    condition     = length(var.datasets) > 0 && alltrue([for dataset in var.datasets : can(regex("^[a-z0-9_]+$", dataset))])
    error_message = "datasets wants at least one name of small letters, digits and underscores."
  }

  validation {
    condition     = !contains(var.datasets, "loaded")
    error_message = "datasets must not have loaded, where objects are moved to."
  }
}

variable "after_load" {
  description = "What happens to an object in S3 once it is loaded (ingest.after-load): keep, tag, move or delete; the role may do that and no more"
  type        = string
  default     = "keep"

  validation {
    condition     = contains(["keep", "tag", "move", "delete"], var.after_load)
    error_message = "after_load is keep, tag, move or delete."
  }
}

variable "ssh_from" {
  description = "The one IPv4 address that may connect, by SSH alone, such as 203.0.113.7/32"
  type        = string

  validation {
    condition     = can(cidrhost(var.ssh_from, 0)) && can(regex("^[0-9.]+/32$", var.ssh_from))
    error_message = "ssh_from wants one IPv4 address with /32, such as 203.0.113.7/32."
  }
}

variable "ssh_public_key" {
  description = "The public key of whoever runs the instance, as in id_ed25519.pub"
  type        = string

  validation {
    condition     = can(regex("^(ssh-ed25519|ssh-rsa|ecdsa-sha2-[a-z0-9]+) [A-Za-z0-9+/=]+", var.ssh_public_key))
    error_message = "ssh_public_key wants the line of a public key, such as the content of id_ed25519.pub."
  }
}

variable "image" {
  description = "Name of Debian's image that a new instance starts from; an instance that exists keeps its own"
  type        = string
  default     = "debian-13-amd64-20260914-2601"

  validation {
    condition     = can(regex("^debian-13-amd64-[0-9]{8}-[0-9]+$", var.image))
    error_message = "image wants the full name of an image of Debian 13 for amd64, such as debian-13-amd64-20260914-2601."
  }
}

variable "disk_gb" {
  description = "Size of the disk in GB, for the system and the database"
  type        = number
  default     = 20

  validation {
    condition     = var.disk_gb == floor(var.disk_gb) && var.disk_gb >= 10 && var.disk_gb <= 1024
    error_message = "disk_gb wants a whole number from 10 to 1024."
  }
}

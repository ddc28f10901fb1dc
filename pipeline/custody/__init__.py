"""What happens to documents in keeping, and what proves it: audit log, manifests, page ledgers, duplicates, erasure."""

"""Step 8: who may have what: entitlement, validity, receipts."""

"""Reuse for those who ask: checks, requests and releases, words on documents, events and their delivery, codes on prints."""

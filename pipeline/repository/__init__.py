"""The repository of one owner: everything held of a person, in the groups that the rules name."""

from pipeline.repository.groups import Group, Shows, groups
from pipeline.repository.owners import Access, DossierHeld, PaperHeld, Repository, open_repository

__all__ = ["Access", "DossierHeld", "Group", "PaperHeld", "Repository", "Shows", "groups", "open_repository"]

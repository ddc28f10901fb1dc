"""Folder order into key order."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ports import ObjectInfo
from storage.listing import sort_keys

SEGMENT = st.text(st.sampled_from("ab-.!0đ"), min_size=1, max_size=3)
KEYS = st.sets(st.lists(SEGMENT, min_size=1, max_size=4).map("/".join))


@given(KEYS, st.sampled_from(["", "a", "a/", "a/b", "a-", "b/a/"]))
def test_what_a_server_lists_folder_by_folder_comes_out_in_key_order(keys: set[str], prefix: str) -> None:
    found = [ObjectInfo(key, 1) for key in keys if key.startswith(prefix)]
    by_folder = sorted(found, key=lambda info: [segment.encode() for segment in info.key.split("/")])
    by_key = sorted(found, key=lambda info: info.key.encode())
    assert list(sort_keys(by_folder, prefix)) == by_key
    assert list(sort_keys(by_key, prefix)) == by_key


def test_only_one_folder_is_held_back_at_a_time() -> None:
    taken = 0

    def listing() -> Iterator[ObjectInfo]:
        nonlocal taken
        for number in range(100):
            taken += 1
            yield ObjectInfo(f"dossiers/{number:03}/a", 1)

    ordered = sort_keys(listing(), "dossiers/")
    assert next(ordered).key == "dossiers/000/a"
    assert taken == 2

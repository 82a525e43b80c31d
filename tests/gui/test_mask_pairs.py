import pytest

from workbench.gui.dropped import announce, sort_out
from workbench.gui.mask_pairs import count_pairs, find_pair


def touch(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("")
    return folder


@pytest.mark.parametrize("names", [("images", "masks"), ("Photos", "Labels"), ("img", "annotations")])
def test_pictures_and_masks_in_one_folder_are_found(tmp_path, names):
    pictures = touch(tmp_path / names[0], "a.jpg", "b.JPG", "c.jpg")
    masks = touch(tmp_path / names[1], "a.png", "b.png")
    assert find_pair([tmp_path]) == (pictures, masks)
    assert announce(sort_out([tmp_path]), project_open=True, asks_model=False)[0] == "Add pictures with their masks"


def test_other_names_are_no_pair(tmp_path):
    touch(tmp_path / "images", "a.jpg", "b.jpg", "c.jpg")
    touch(tmp_path / "masks", "x.png", "y.png", "a.png")
    assert find_pair([tmp_path]) is None
    touch(tmp_path / "classes" / "images", "a.jpg")
    touch(tmp_path / "classes" / "dogs", "a.jpg")
    assert find_pair([tmp_path / "classes"]) is None
    assert find_pair([]) is None and find_pair([tmp_path / "nothing"]) is None


def test_two_folders_of_which_one_is_masks_are_a_pair_in_any_order(tmp_path):
    pictures, masks = touch(tmp_path / "scans", "a.tif"), touch(tmp_path / "segmentation", "a.png")
    assert find_pair([pictures, masks]) == find_pair([masks, pictures]) == (pictures, masks)
    assert find_pair([pictures, touch(tmp_path / "more", "a.png")]) is None


def test_inner_folders_pair_with_their_like(tmp_path):
    pictures = touch(tmp_path / "images" / "train", "a.jpg", "b.jpg").parent
    masks = touch(tmp_path / "masks" / "train", "a.png", "b.png").parent
    touch(tmp_path / "masks" / "val", "c.png")
    assert find_pair([tmp_path]) == (pictures, masks)
    assert count_pairs(pictures, masks) == (2, 2)


def test_pairs_are_counted_by_name_without_suffix(tmp_path):
    pictures = touch(tmp_path / "images", "a.jpg", "b.jpg", "c.jpg", "notes.txt")
    masks = touch(tmp_path / "masks", "a.png", "c.tif", "d.png")
    assert count_pairs(pictures, masks) == (2, 3)
    with pytest.raises(OSError):
        count_pairs(tmp_path / "nothing", masks)

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, Qt, QThread
from PySide6.QtTest import QTest

from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.picture_reader import read_picture
from workbench.gui.widgets.thumbnail_strip import ThumbnailStrip
from workbench.gui.widgets.thumbnails import ThumbnailLoader


class Receiver(QObject):
    """Notes what arrives, and in which thread."""

    def __init__(self):
        super().__init__()
        self.paths = []
        self.threads = set()

    def take(self, path, side):
        self.paths.append(path)
        self.threads.add(QThread.currentThread())


def wait_idle(qtbot, loader, receiver, many):
    qtbot.waitUntil(lambda: len(receiver.paths) >= many, timeout=10000)
    qtbot.waitUntil(loader.idle, timeout=5000)


def test_pictures_arrive_on_the_gui_thread_and_are_remembered(qtbot, loader, pictures):
    receiver = Receiver()
    loader.loaded.connect(receiver.take)
    loader.want(receiver, [(path, 32) for path in pictures])
    wait_idle(qtbot, loader, receiver, 8)
    assert sorted(receiver.paths) == sorted(pictures)
    assert receiver.threads == {QThread.currentThread()}
    image = loader.image(pictures[0], 32)
    assert (image.width(), image.height()) == (32, 21)
    assert image.pixelColor(5, 5).getRgb()[:3] == (200, 30, 30)
    loader.want(receiver, [(pictures[0], 32)])
    assert loader.idle()


def test_a_broken_file_has_a_reason_and_is_not_tried_again(qtbot, loader, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture at all")
    receiver = Receiver()
    loader.loaded.connect(receiver.take)
    loader.want(receiver, [(str(broken), 32), (str(tmp_path / "absent.png"), 32)])
    wait_idle(qtbot, loader, receiver, 2)
    assert "not a picture in any format" in loader.failure(str(broken), 32)
    assert "not there any more" in loader.failure(str(tmp_path / "absent.png"), 32)
    assert loader.image(str(broken), 32) is None
    Image.new("RGB", (8, 8)).save(broken, "JPEG")
    loader.forget(str(broken))
    loader.want(receiver, [(str(broken), 32)])
    wait_idle(qtbot, loader, receiver, 3)
    assert loader.image(str(broken), 32) is not None


def test_what_is_no_longer_wanted_is_not_loaded(qtbot, pictures):
    loader = ThumbnailLoader(threads=1)
    receiver = Receiver()
    loader.loaded.connect(receiver.take)
    many = [(path, side) for side in range(16, 56) for path in pictures]
    loader.want(receiver, many)
    loader.want(receiver, [(pictures[0], 12)])
    qtbot.waitUntil(lambda: loader.image(pictures[0], 12) is not None, timeout=10000)
    qtbot.waitUntil(loader.idle, timeout=5000)
    assert len(receiver.paths) <= 3
    loader.close()


def test_memory_is_bounded_and_the_longest_unused_goes_first(qtbot, tmp_path):
    loader = ThumbnailLoader(limit_mb=1)
    receiver = Receiver()
    loader.loaded.connect(receiver.take)
    paths = []
    for index in range(6):
        paths.append(str(tmp_path / f"{index}.png"))
        Image.new("RGB", (300, 300)).save(paths[-1])
    for number, path in enumerate(paths, 1):
        loader.want(receiver, [(path, 300)])
        wait_idle(qtbot, loader, receiver, number)
    kept = [path for path in paths if loader.image(path, 300) is not None]
    assert kept == paths[-3:]  # 270 kB each
    loader.close()


def test_two_views_share_one_loader(qtbot, loader, pictures):
    first, second = Receiver(), Receiver()
    loader.loaded.connect(first.take)
    loader.want(first, [(path, 20) for path in pictures[:4]])
    loader.want(second, [(path, 20) for path in pictures[2:]])
    wait_idle(qtbot, loader, first, 8)
    assert sorted(first.paths) == sorted(pictures)


def test_closing_while_loading_leaves_no_thread(pictures):
    loader = ThumbnailLoader()
    loader.want(loader, [(path, side) for side in range(10, 100) for path in pictures])
    loader.close()
    assert loader.idle()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_mode_can_be_seen(tmp_path, mode):
    path = tmp_path / "picture.tif"
    if mode in ("I;16", "I", "F"):
        kind = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        image = Image.fromarray((np.arange(600).reshape(20, 30) * 40).astype(kind))
    elif mode == "YCbCr":
        path = tmp_path / "picture.jpg"
        image = Image.effect_noise((30, 20), 60).convert("RGB")
    else:
        image = Image.effect_noise((30, 20), 60).convert("RGB").convert(mode)
    if mode in ("RGBA", "LA", "P"):
        path = tmp_path / "picture.png"
    image.save(path)
    shown = read_picture(str(path), 24)
    assert (shown.width(), shown.height()) == (24, 16)
    tones = {shown.pixelColor(x, y).lightness() for x in range(24) for y in range(16)}
    assert max(tones) - min(tones) > 40


def test_orientation_is_honoured(tmp_path):
    path = tmp_path / "turned.JPG"
    image = Image.new("RGB", (40, 20), (255, 255, 255))
    image.paste((255, 0, 0), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it a quarter clockwise
    image.save(path, exif=exif, quality=95)
    shown = read_picture(str(path), 40)
    assert (shown.width(), shown.height()) == (20, 40)
    assert shown.pixelColor(10, 5).red() > 200 > 100 > shown.pixelColor(10, 5).green()
    assert shown.pixelColor(10, 35).green() > 200


def test_strip_shows_what_fits_and_answers_keys_and_clicks(qtbot, loader, pictures):
    strip = ThumbnailStrip(loader, side=48)
    qtbot.addWidget(strip)
    strip.resize(3 * 56, 60)
    strip.set_paths(pictures)
    strip.show()
    assert strip.shown() == pictures[:3]
    qtbot.waitUntil(lambda: loader.image(pictures[2], 96) is not None, timeout=10000)
    assert loader.image(pictures[3], 96) is None
    centre = strip.cell(1).center()
    qtbot.waitUntil(lambda: strip.grab().toImage().pixelColor(centre).green() > 150, timeout=5000)
    with qtbot.waitSignal(strip.activated) as caught:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.cell(2).center())
    assert caught.args == [pictures[2]]
    QTest.keyClick(strip, Qt.Key.Key_Left)
    with qtbot.waitSignal(strip.activated) as caught:
        QTest.keyClick(strip, Qt.Key.Key_Return)
    assert caught.args == [pictures[1]]
    assert "Bild 1" in strip.accessibleDescription()


def test_gallery_of_100_000_loads_only_what_is_near(qtbot, loader, pictures):
    gallery = Gallery(loader, side=64)
    qtbot.addWidget(gallery)
    gallery.resize(500, 400)
    items = [GalleryItem(pictures[n % 8] if n < 99_000 else f"/absent/{n}.png", f"{n}") for n in range(100_000)]
    gallery.set_items(items)
    gallery.show()
    asked = []
    want = loader.want
    loader.want = lambda view, wanted: (asked.append(list(wanted)), want(view, asked[-1]))
    qtbot.waitUntil(lambda: loader.image(pictures[7], 64) is not None, timeout=10000)
    gallery.verticalScrollBar().setValue(gallery.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: any("/absent/99999.png" in wanted for batch in asked for wanted in batch), timeout=5000)
    assert max(map(len, asked)) < 200
    last = gallery.visible_rows()
    assert last.stop == 100_000
    for row in (last.start, last.stop - 1):
        assert gallery.visualRect(gallery.model().index(row)).intersects(gallery.viewport().rect())


def test_gallery_selects_and_activates_by_mouse_and_keyboard(qtbot, loader, pictures):
    gallery = Gallery(loader, side=64)
    qtbot.addWidget(gallery)
    gallery.set_items([GalleryItem(path, Path(path).name, index % 2 == 0) for index, path in enumerate(pictures)])
    gallery.resize(500, 400)
    gallery.show()
    with qtbot.waitSignal(gallery.picture_selected) as caught:
        where = gallery.visualRect(gallery.model().index(1)).center()
        QTest.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert caught.args == [pictures[1]]
    QTest.keyClick(gallery, Qt.Key.Key_Right)
    assert gallery.selected_paths() == [pictures[2]]
    with qtbot.waitSignal(gallery.picture_activated) as caught:
        QTest.keyClick(gallery, Qt.Key.Key_Return)
    assert caught.args == [pictures[2]]


def test_gallery_model_says_right_and_wrong_in_words(qtbot, loader, qtmodeltester):
    gallery = Gallery(loader)
    qtbot.addWidget(gallery)
    gallery.set_items([GalleryItem("/x/a.png", "glass → metal, 0.97", False)])
    qtmodeltester.check(gallery.model())
    spoken = gallery.model().index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "wrong, glass → metal, 0.97, a.png"
    gallery.set_items([])
    assert gallery.accessibleDescription() == "No pictures to show"


def test_a_caption_of_two_names_takes_two_lines_where_one_is_too_short(qtbot, loader):
    gallery = Gallery(loader, side=104)
    qtbot.addWidget(gallery)
    painter, metrics = gallery.itemDelegate(), gallery.fontMetrics()
    gallery.set_items([GalleryItem("a.png", "a → b, 0.9"), GalleryItem("b.png", "b, 0.8")])
    low = gallery.gridSize()
    assert painter.shown("a → b, 0.9", metrics, 1000) == "a → b, 0.9"
    name = "a name of many letters"
    gallery.set_items([GalleryItem("a.png", "b, 0.8"), GalleryItem("b.png", f"{name} → {name}, 0.94")])
    assert gallery.gridSize().height() > low.height() and gallery.gridSize().width() == low.width()
    assert painter.shown(f"{name} → {name}, 0.94", metrics, 1000) == f"{name} →\n{name}, 0.94"
    before, behind = painter.shown(f"{name} → {name}, 0.94", metrics, 80).split("\n")
    assert before.endswith("→") and behind.endswith("0.94") and "…" in before and "…" in behind
    gallery.set_items([GalleryItem("a.png")])
    assert gallery.gridSize().height() < low.height()

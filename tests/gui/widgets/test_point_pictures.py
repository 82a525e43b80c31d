"""Pictures in the place of points: which have room, when they are loaded, and that they are drawn."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from tests.gui import synthetic
from workbench.gui.widgets.point_canvas import Mark
from workbench.gui.widgets.point_map import PointMap
from workbench.gui.widgets.point_pictures import MOST, PointPictures, with_room
from workbench.gui.widgets.thumbnails import ThumbnailLoader


def points(*places):
    return [(at, QPointF(x, y), QColor("red")) for at, (x, y) in enumerate(places)]


def test_pictures_do_not_cover_each_other_and_the_first_come_first():
    assert [index for index, _, _ in with_room(points((0, 0), (20, 20), (56, 0), (60, 70), (300, 2)))] == [0, 2, 3, 4]


def test_pictures_appear_once_few_points_are_in_sight(qtbot, tmp_path):
    paths = [str(path) for path in synthetic.pictures(tmp_path, 3)]
    loader, plane = ThumbnailLoader(), PointMap()
    qtbot.addWidget(plane)
    plane.pictures = PointPictures(loader, plane)
    plane.pictures.set_path(lambda index: paths[index % 3])
    plane.resize(400, 300)
    x = np.concatenate([[0.0], np.linspace(0.8, 1.0, 2 * MOST)])
    plane.set_points(x, np.zeros(len(x)))
    plane.set_kinds(np.zeros(len(x), np.int64), [Mark(QColor("red"))])
    plane.show()
    plane.grab()
    assert plane.pictures._wanted == [], "too many to tell apart"
    plane.zoom(4.0, plane.place_of(0))
    with qtbot.waitSignal(loader.loaded):
        before = plane.grab().toImage()
    assert [path for path, _ in plane.pictures._wanted] == paths[:1]
    qtbot.waitUntil(lambda: plane.grab().toImage() != before)
    plane.fit()
    plane.grab()
    assert plane.pictures._wanted == []
    loader.close()

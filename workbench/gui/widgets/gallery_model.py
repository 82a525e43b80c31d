"""The pictures of a gallery and how one of them is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.icons import pixmap
from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.thumbnails import ThumbnailLoader

Index = QModelIndex | QPersistentModelIndex
_TURN = " → "  # where a caption that has no room on one line goes on on the next
_LOOKED_AT = 200  # captions of a gallery that decide how many lines there are: more would take long to measure


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """One picture.

    Attributes:
        path: the file.
        caption: a line under the picture, such as "glass → metal, 0.97".
        right: whether the answer was right; None shows no mark.
        tip: the tooltip; empty takes caption and path.
    """

    path: str
    caption: str = ""
    right: bool | None = None
    tip: str = ""


class GalleryModel(QAbstractListModel):
    """A list of GalleryItems; `data(index, UserRole)` is the item."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: list[GalleryItem] = []

    def set_items(self, items: Sequence[GalleryItem]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def set_item(self, row: int, item: GalleryItem) -> None:
        """Replace one of them."""
        self.items[row] = item
        self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.caption
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.tip or "\n".join(text for text in (item.caption, item.path) if text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(item)
        return None

    def _spoken(self, item: GalleryItem) -> str:
        verdict = {True: self.tr("right"), False: self.tr("wrong"), None: ""}[item.right]
        return ", ".join(text for text in (verdict, item.caption, item.path.rpartition("/")[2]) if text)


class GalleryDelegate(QStyledItemDelegate):
    """Paints a picture in a square, its caption under it, and a mark with colour and sign."""

    def __init__(self, loader: ThumbnailLoader, side: int, parent: QObject, letters: int = 16) -> None:
        super().__init__(parent)
        self._letters = letters
        self._loader = loader
        self.side = side
        self.lines = 1  # of captions

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell_size(option.fontMetrics)

    def cell_size(self, metrics: QFontMetrics) -> QSize:
        """px of one cell with a caption in that font: larger text makes wider cells."""
        if not self.lines:
            return QSize(self.side + 2 * GRID, self.side + 2 * GRID)
        height = metrics.height() + 4 + (self.lines - 1) * QFontMetrics(font("caption")).lineSpacing()
        return QSize(self._room(metrics) + 2 * GRID, self.side + 2 * GRID + height)

    def fit_captions(self, items: Sequence[GalleryItem], metrics: QFontMetrics) -> None:
        """Give captions as many lines as these need in cells of that font: a name before an arrow stands above what
        comes behind it where both have no room beside each other."""
        captions = [item.caption for item in items[:_LOOKED_AT]]
        room, letters = self._room(metrics), QFontMetrics(font("caption", figures=True))
        turned = any(_TURN in each and letters.horizontalAdvance(each) > room for each in captions)
        self.lines = 2 if turned else int(any(captions) or not items)

    def _room(self, metrics: QFontMetrics) -> int:
        """px of a caption's line."""
        return max(self.side, self._letters * metrics.averageCharWidth())

    def pixels(self, ratio: float) -> int:
        """The side of the pictures to load, in device pixels."""
        return round(self.side * max(1.0, ratio))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(item, GalleryItem):
            return
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_state(painter, option)
        left = option.rect.left() + (option.rect.width() - self.side) // 2
        square = QRect(left, option.rect.top() + GRID, self.side, self.side)
        ratio = option.widget.devicePixelRatioF() if option.widget is not None else 1.0
        image = self._loader.image(item.path, self.pixels(ratio))
        if image is not None:
            self._paint_image(painter, square, image)
        else:
            self._paint_missing(painter, square, self._loader.failure(item.path, self.pixels(ratio)))
        if item.right is not None:
            self._paint_mark(painter, square, item.right, ratio)
        if self.lines:
            self._paint_caption(painter, option.rect, square, item)
        painter.restore()

    def _paint_state(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        colours = theme().colours()
        frame = QRectF(option.rect).adjusted(2, 2, -2, -2)
        state = option.state
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(colours.colour("accent_soft"))
            painter.drawRoundedRect(frame, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(colours.colour("hover"))
            painter.drawRoundedRect(frame, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRoundedRect(frame, 6, 6)

    def _paint_image(self, painter: QPainter, square: QRect, image: QImage) -> None:
        size = QSize(image.size())
        size.scale(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
        where = QRect(0, 0, size.width(), size.height())
        where.moveCenter(square.center())
        painter.drawImage(where, image)

    def _paint_missing(self, painter: QPainter, square: QRect, failure: str) -> None:
        colours = theme().colours()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("track"))
        painter.drawRoundedRect(square, 4, 4)
        if failure:
            painter.setPen(colours.colour("secondary"))
            painter.setFont(font("caption"))
            wrap = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(square.adjusted(6, 6, -6, -6), wrap, self.tr("cannot be read"))

    def _paint_mark(self, painter: QPainter, square: QRect, right: bool, ratio: float) -> None:
        colours = theme().colours()
        side = 20
        badge = QRectF(square.right() - side - 3, square.top() + 4, side, side)
        painter.setPen(QPen(colours.colour("surface"), 1.5))
        painter.setBrush(colours.colour("good" if right else "bad"))
        painter.drawEllipse(badge)
        sign = pixmap("check" if right else "close", "on_accent", 12, ratio)
        painter.drawPixmap(QPointF(badge.center().x() - 6, badge.center().y() - 6), sign)

    def _paint_caption(self, painter: QPainter, cell: QRect, square: QRect, item: GalleryItem) -> None:
        colours = theme().colours()
        tone = {True: "text", False: "bad", None: "text"}[item.right]
        painter.setFont(font("caption", figures=True))
        painter.setPen(colours.colour(tone))
        where = QRect(cell.left() + GRID, square.bottom() + 4, cell.width() - 2 * GRID, cell.height())
        where.setBottom(cell.bottom() - 2)
        text = self.shown(item.caption, painter.fontMetrics(), where.width())
        painter.drawText(where, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), text)

    def shown(self, caption: str, metrics: QFontMetrics, room: int) -> str:
        """A caption in the lines that there are, each of them cut in its middle where it is wider than `room`, px."""
        before, turn, behind = caption.partition(_TURN) if self.lines > 1 else (caption, "", "")
        lines = [before + turn.rstrip(), *([behind] if turn else [])]
        return "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room) for line in lines)

import pytest
from PIL import Image

from workbench.core.errors import RequestError
from workbench.project.csv_columns import CsvColumns, pattern_columns

ROWS = """id,gender,season,price,year,note,productDisplayName
1551,Unisex,Fall,10.5,2010,,Football
1613,Men,,11.5,2011,,"Shirt, white"
1700,Women,Fall,9.0,2010,,Dress
1800,Men,Summer,12.25,2012,x,Shoes
"""


@pytest.fixture
def fashion(tmp_path):
    (tmp_path / "images").mkdir()
    for number in (1551, 1613, 1700):
        Image.new("RGB", (6, 8)).save(tmp_path / "images" / f"{number}.jpg")
    (tmp_path / "other").mkdir()
    (tmp_path / "labels.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path / "labels.csv"


def test_a_pattern_is_found_where_files_are_named_like_a_column(fashion):
    Image.new("RGB", (6, 8)).save(fashion.parent / "images" / "1800.jpg")
    table = CsvColumns(fashion)
    assert table.guess_image() == "images/{id}.jpg"
    assert pattern_columns("images/{id}.jpg") == ["id"]
    assert table.count_found("images/{id}.jpg") == 4


def test_pictures_that_are_not_there_are_not_counted(fashion):
    table = CsvColumns(fashion)
    assert table.count_found("images/{id}.jpg") == 3
    assert table.count_found("images/{gender}.jpg") == 0


def test_a_column_of_paths_is_found(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "ä b.png")
    path = tmp_path / "t.csv"
    path.write_text("picture;kind\nä b.png;one\n./ä b.png;two\n", encoding="utf-8-sig")
    table = CsvColumns(path)
    assert table.guess_image() == "picture"
    assert table.count_found("picture") == 2


def test_columns_with_few_values_on_several_rows_are_suggested(fashion):
    columns = {column.name: column for column in CsvColumns(fashion).columns("images/{id}.jpg")}
    assert not columns["id"].suggested
    assert not columns["productDisplayName"].suggested
    assert not columns["note"].suggested
    assert columns["season"].suggested
    assert (columns["season"].filled, columns["season"].distinct) == (3, 2)
    assert columns["season"].examples == ("Fall", "Summer")
    assert columns["price"].numeric and not columns["season"].numeric


def test_an_empty_cell_names_no_picture(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("id,kind\n,a\n2,b\n", encoding="utf-8")
    assert list(CsvColumns(path).image_names("images/{id}.jpg")) == ["", "images/2.jpg"]


@pytest.mark.parametrize(
    ("image", "part"),
    [("wrong", "no column 'wrong'"), ("{nothing}.jpg", "no column 'nothing'"), ("{}.jpg", "no pattern")],
)
def test_a_wrong_picture_column_is_said(fashion, image, part):
    with pytest.raises(RequestError, match=part):
        CsvColumns(fashion).count_found(image)


@pytest.mark.parametrize("content", [b"", b"id,kind\n"])
def test_a_file_without_rows_is_refused(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(RequestError, match="holds no rows"):
        CsvColumns(tmp_path / "t.csv")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RequestError, match="cannot be read"):
        CsvColumns(tmp_path / "t.csv")


def test_short_rows_and_other_encodings_are_read(tmp_path):
    (tmp_path / "t.csv").write_bytes("id\tkind\n1\tgr\xfcn\n2\n".encode("cp1252"))
    assert CsvColumns(tmp_path / "t.csv").cells == {"id": ["1", "2"], "kind": ["grün", ""]}


def test_what_kind_of_task_a_column_looks_like(tmp_path):
    lines = ["name,grams,comma,count,labels,semi,text"]
    for at in range(40):
        cells = [f"{at}.png", f"{at / 8}", f'"{at},5"', str(at % 3), ("a|b", "b", "c|a")[at % 3]]
        lines.append(",".join([*cells, "x; y" if at % 2 else "y", f"note {at}|{at + 100}"]))
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    columns = {column.name: column for column in CsvColumns(tmp_path / "t.csv").columns("name")}
    assert {name: column.kind for name, column in columns.items()} == {
        "name": "single-label",
        "grams": "number",
        "comma": "number",
        "count": "single-label",
        "labels": "multi-label",
        "semi": "multi-label",
        "text": "single-label",
    }
    assert (columns["labels"].separator, columns["semi"].separator) == ("|", ";")
    assert [name for name, column in columns.items() if column.suggested] == ["count", "labels", "semi"]
    assert columns["comma"].numeric

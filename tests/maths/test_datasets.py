"""The data are what the pages say, and a reader's own copy is checked before it is used."""

import numpy as np
import pytest

from dlref.datasets import (
    english_words,
    german_words,
    heart,
    heart_hospitals,
    mtcars,
    passengers,
    pictures,
    scenes,
    school_class,
)


@pytest.fixture
def copy(tmp_path):
    """Writes a copy of the heart data with one text replaced, or the given bytes, and returns its path."""

    def write(old="", new="", content=None):
        path = tmp_path / "heart.csv"
        text = heart().to_csv(index=False)
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode() if content is None else content)
        return path

    return write


def test_heart_is_the_published_table():
    table = heart()
    assert table.shape == (918, 12)
    assert table["HeartDisease"].sum() == 508
    assert (table["Cholesterol"] == 0).sum() == 172
    assert (table["RestingBP"] == 0).sum() == 1
    numbers = "Age RestingBP Cholesterol FastingBS MaxHR Oldpeak HeartDisease"
    assert list(table.select_dtypes("number")) == numbers.split()
    assert table["Oldpeak"].agg(["min", "max"]).tolist() == [-2.6, 6.2]


def test_hospitals_follow_each_other_and_share_what_they_did_not_measure():
    table, hospitals = heart(), heart_hospitals()
    assert hospitals.index.equals(table.index)
    assert (hospitals != hospitals.shift()).sum() == 4  # each is one block
    # UCI's numbers of patients with disease; one healthy Hungarian and one ill patient of Long Beach are left out.
    ill = table["HeartDisease"].groupby(hospitals).sum().to_dict()
    assert ill == {"Hungary": 294 - 188, "Switzerland": 123 - 8, "Long Beach": 200 - 51 - 1, "Cleveland": 303 - 164}
    assert set(hospitals[table["Cholesterol"] == 0]) == {"Switzerland", "Long Beach"}
    assert not table.duplicated().any()


def test_mtcars_is_the_published_table():
    # What R's summary(mtcars) gives, column by column.
    table = mtcars()
    assert table.shape == (32, 11)
    medians = [19.2, 6, 196.3, 123, 3.695, 3.325, 17.71, 0, 0, 4, 2]
    means = [20.09, 6.188, 230.7, 146.7, 3.597, 3.217, 17.85, 0.4375, 0.4062, 3.688, 2.812]
    np.testing.assert_allclose(table.median(), medians)
    np.testing.assert_allclose(table.mean(), means, rtol=3e-4)
    assert (table["mpg"].mean(), table["wt"].mean()) == (pytest.approx(20.090625), pytest.approx(3.21725))
    assert table.loc["Toyota Corolla", ["mpg", "wt"]].tolist() == [33.9, 1.835]


@pytest.mark.parametrize("load", [heart, mtcars, passengers, school_class])
def test_every_loader_returns_a_new_table(load):
    first = load()
    untouched = first.copy()
    first[first.columns[1]] = 0
    assert load().equals(untouched)


def test_a_copy_in_another_column_order_reads_the_same(tmp_path):
    heart()[heart().columns[::-1]].to_csv(tmp_path / "copy.csv", index=False, encoding="utf-8-sig")
    assert heart(tmp_path / "copy.csv").equals(heart())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Cholesterol,", "", "line 2 must have 11 cells, as the first has; got 12."),
        ("Cholesterol", "Chol", "path must name a file with one column Cholesterol; got columns Age, Sex, "),
        ("HeartDisease", "Sex", "path must name a file with one column Sex; got columns "),
        ("40,M,ATA", "40,male,ATA", "column Sex must hold one of F, M; got 'male' in line 2."),
        ("49,F,NAP,160", "49,F,NAP,high", "column RestingBP must hold whole numbers from 0; got 'high' in line 3."),
        ("49,F,NAP,160", "49,F,NAP,", "column RestingBP must hold whole numbers from 0; got '' in line 3."),
        ("40,M", "-40,M", "column Age must hold whole numbers from 0; got '-40' in line 2."),
        ("N,0.0,Up,0", "N,nan,Up,0", "column Oldpeak must hold numbers; got 'nan' in line 2."),
        ("N,0.0,Up,0", "N,low,Up,0", "column Oldpeak must hold numbers; got 'low' in line 2."),
        ("N,0.0,Up,0", "N,0.0,Up,2", "column HeartDisease must hold one of 0, 1; got '2' in line 2."),
        ("40,M,ATA", "40,M", "line 2 must have 12 cells, as the first has; got 11."),
    ],
)
def test_what_is_wrong_with_a_copy_is_named(copy, old, new, message):
    with pytest.raises(ValueError, match=r"^heart: ") as caught:
        heart(copy(old, new))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must name a file with a line of names and a line for each patient; got 0 lines."),
        (b"Age,Sex\n", "must name a file with a line of names and a line for each patient; got 1 lines."),
        ("Größe\n1\n".encode("latin-1"), "heart: path must name a file in UTF-8; got byte 0xf6."),
    ],
)
def test_a_file_that_cannot_be_a_table_is_refused(copy, content, message):
    with pytest.raises(ValueError, match=r"^heart: ") as caught:
        heart(copy(content=content))
    assert message in str(caught.value)


def test_an_extra_column_is_named(tmp_path):
    heart().assign(Smoker=1).to_csv(tmp_path / "copy.csv", index=False)
    with pytest.raises(ValueError, match="alone; got also 'Smoker'"):
        heart(tmp_path / "copy.csv")


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_path_that_names_no_file_is_refused(tmp_path, name):
    with pytest.raises(FileNotFoundError, match=r"^heart: path must name a file; got '.*'\.$"):
        heart(tmp_path / name)


def test_pictures_hold_what_their_labels_say():
    labels = np.array([[i >> k & 1 for k in range(3)] for i in range(8)] * 10)
    red, green, blue = np.moveaxis(pictures(labels, generator=np.random.default_rng(0)), -1, 0)
    asphalt = (np.abs(red - green) < 0.01) & (green < 0.5)
    roof = (red - green > 0.25) & (red > 0.5)
    leaves = (green - red > 0.12) & (green - blue > 0.05) & (green < 0.62)
    for column, seen in enumerate([leaves[:, :28], roof, asphalt[:, 56:]]):
        assert ((seen.sum(axis=(1, 2)) > 20) == labels[:, column]).all()
        assert (seen.any(axis=(1, 2)) == labels[:, column]).all()


def test_pictures_follow_the_generator_alone():
    one, same, other = (pictures([[1, 1, 1]], generator=np.random.default_rng(seed), size=32) for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


@pytest.mark.parametrize(
    ("labels", "kwargs", "error", "message"),
    [
        ([[1, 2, 0]], {}, ValueError, "labels must hold integers from 0 to 1; got 2."),
        ([[1, 0]], {}, ValueError, "labels must have shape (n, 3); got shape (1, 2)."),
        ([[1, 0, 0]], {"size": 4}, ValueError, "size must be an integer >= 8; got 4."),
        ([[1, 0, 0]], {"generator": 0}, TypeError, "generator must be a numpy.random.Generator; got int 0."),
    ],
)
def test_pictures_refuse_what_they_cannot_draw(labels, kwargs, error, message):
    with pytest.raises(error) as caught:
        pictures(labels, **{"generator": np.random.default_rng(0)} | kwargs)
    assert str(caught.value) == f"pictures: {message}"


def test_passengers_is_series_g():
    # What R's summary(AirPassengers) gives, and the total of each year.
    values = passengers()["Passengers"]
    assert (values.min(), values.median(), values.max()) == (104, 265.5, 622)
    assert values.mean() == pytest.approx(280.3, abs=0.05)
    years = [1520, 1676, 2042, 2364, 2700, 2867, 3408, 3939, 4421, 4572, 5140, 5714]
    assert values.to_numpy().reshape(12, 12).sum(axis=1).tolist() == years


@pytest.mark.parametrize("words", [english_words, german_words])
def test_every_number_has_its_own_words(words):
    assert len({tuple(words(number)) for number in range(1000)}) == 1000


def test_number_words_are_spelled_as_a_dictionary_spells_them():
    irregular = {1: "eins", 16: "sechzehn", 17: "siebzehn", 30: "dreißig", 61: "einundsechzig", 70: "siebzig"}
    irregular |= {100: "einhundert", 101: "einhunderteins", 212: "zweihundertzwölf", 371: "dreihunderteinundsiebzig"}
    assert {number: "".join(german_words(number)) for number in irregular} == irregular
    english = {13: "thirteen", 15: "fifteen", 18: "eighteen", 40: "forty", 50: "fifty", 80: "eighty", 90: "ninety"}
    assert {number: " ".join(english_words(number)) for number in english} == english


@pytest.mark.parametrize("words", [english_words, german_words])
@pytest.mark.parametrize(("wrong", "kind"), [(-1, ValueError), (1000, ValueError), (4.0, TypeError)])
def test_other_numbers_have_no_words(words, wrong, kind):
    with pytest.raises(kind, match=f"{words.__name__}: number must be"):
        words(wrong)


def test_the_same_generator_draws_the_same_scenes():
    first, second = (scenes(3, generator=np.random.default_rng(7)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.image, other.image)
        np.testing.assert_array_equal(one.boxes, other.boxes)


def test_boxes_and_masks_of_scenes_agree():
    for scene in scenes(40, generator=np.random.default_rng(3)):
        assert 1 <= len(scene.labels) <= 4
        assert scene.image.min() >= 0
        assert scene.image.max() <= 1
        # Every pixel of a class lies in a box of that class, and every box holds some, up to half a pixel at its edge.
        inside = np.zeros((3, *scene.mask.shape), dtype=bool)
        for label, (left, top, right, bottom) in zip(scene.labels, scene.boxes, strict=True):
            part = np.s_[int(np.floor(top)) : int(np.ceil(bottom)), int(np.floor(left)) : int(np.ceil(right))]
            inside[label][part] = True
            assert (scene.mask[part] == label + 1).any()
        for label in range(3):
            stray = (scene.mask == label + 1) & ~inside[label]
            # Objects that hardly show have no box.
            assert stray.sum() < 10


@pytest.mark.parametrize(
    ("arguments", "kind"), [({"count": 0}, ValueError), ({"count": 1.5}, TypeError), ({"size": 8}, ValueError)]
)
def test_scenes_refuse_what_cannot_be_drawn(arguments, kind):
    with pytest.raises(kind, match="scenes: "):
        scenes(**({"count": 1, "generator": np.random.default_rng(0)} | arguments))

"""Made-up people of one site who are entered twice now and then, with their truth.

German, Arabic, Ukrainian and Turkish names in the spellings in which papers, offices and families
write them; the Ukrainian ones in Cyrillic and by two tables, the official one of 2010 and the one
of German offices. The spellings are lists of their own and know nothing of the comparison that is
measured with them.

What goes wrong is what goes wrong at a desk: a slip, another spelling, first and last name the
wrong way round or in one field, a part of a name missing, a birth date with another digit, with day
and month swapped, guessed, or not said; another phone. What must not be merged is there, too:
brothers and sisters with one phone, twins, a father and a son of the same name, and people who
happen to share a frequent name.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

ORIGINS = ("German", "Arabic", "Ukrainian", "Turkish")

GERMAN = {
    "female": "Anna Maria Lena Julia Laura Sophie Käthe Jürgen Ursula Gisela Renate Monika Sabine "
    "Petra Claudia Katrin Stefanie Nicole Andrea Birgit Heike Susanne Karin Ingrid Brigitte Elke "
    "Martina Franziska Johanna Charlotte Emilia Mia Hannah Marie Luise Clara Greta Frieda Ida "
    "Bärbel Jördis Anneliese Anna-Lena Anne-Marie Marie-Luise Hannelore Roswitha".replace(
        " Jürgen", ""
    ),
    "male": "Thomas Michael Andreas Peter Stefan Christian Martin Frank Jürgen Klaus Wolfgang Uwe "
    "Bernd Günter Hans Werner Dieter Manfred Karl Heinz Jörg Rainer Sven Matthias Torsten Lukas "
    "Leon Finn Jonas Paul Felix Maximilian Ben Elias Moritz Jakob Anton Emil Oskar Götz Björn "
    "Hans-Peter Karl-Heinz Hans-Jürgen Friedrich Wilhelm Gottfried Ulrich",
    "last": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer "
    "Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann "
    "Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler "
    "Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn "
    "Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke "
    "Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger "
    "Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn "
    "Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Meyer-Lange "
    "Schulz-Bergmann Weiß-Keller",
}
#: Every name in the spellings that meet; the last is the Arabic one.
ARABIC = {
    "female": "Fatima Fatma Fatimah فاطمة|Aisha Aischa Aicha Ayesha عائشة|"
    "Maryam Mariam Meryem Miriam مريم|Zainab Zaynab Seinab Zeinab زينب|"
    "Khadija Khadidja Chadidscha Khadijah خديجة|Amina Aminah أمينة|"
    "Noor Nour Nur نور|Layla Leila Laila Lejla ليلى|Huda Houda Hoda هدى|"
    "Rania Raniya Ranja رانيا|Samira Samirah سميرة|Hanan Hanane حنان|"
    "Yasmin Yasmeen Jasmin Yasmine ياسمين|Rasha Rascha رشا|Dina Deena دينا|"
    "Salma Selma سلمى|Nadia Nadja Nadiya نادية|Rima Reema Rima ريما|Hiba Heba هبة|"
    "Shaima Schaima Shaimaa Chaima شيماء|Asma Asmaa أسماء|Rahaf Rahaf رهف|"
    "Sahar Sahar سحر|Abeer Abir عبير|Wafa Wafaa وفاء|Iman Eman Imane إيمان|"
    "Sawsan Sausan Sausen سوسن|Ghada Rada غادة|Lubna Loubna لبنى|"
    "Jamila Dschamila Djamila جميلة|Basma Basmah بسمة|Marwa Marwah مروة",
    "male": "Muhammad Mohammed Mohamad Mohamed محمد|Ahmad Ahmed Achmed أحمد|Ali Aly علي|"
    "Hassan Hasan حسن|Hussein Husain Hussain Hossein حسين|Omar Umar Omer عمر|"
    "Khaled Khalid Chaled Halid خالد|Youssef Yusuf Jussuf Yousef يوسف|"
    "Ibrahim Ebrahim إبراهيم|Mahmoud Mahmud Mahmood محمود|"
    "Mustafa Mostafa Moustafa مصطفى|Abdullah Abdallah Abdulla عبدالله|"
    "Abdulrahman Abdel-Rahman Abd-al-Rahman Abdurrahman عبدالرحمن|"
    "Samir Sameer Samier سمير|Karim Kareem Karem كريم|"
    "Jamal Dschamal Gamal Djamal جمال|Nasser Nasir Naser ناصر|"
    "Tariq Tarek Tarik طارق|Bilal Belal Bilel بلال|Hamza Hamzah حمزة|"
    "Walid Waleed Oualid وليد|Ziad Ziyad Siad زياد|Said Saeed Sayid سعيد|"
    "Anas Anass أنس|Amjad Amdschad Amjed أمجد|Fadi Fady فادي|Rami Ramy رامي|"
    "Bashar Baschar بشار|Ghassan Gassan غسان|Wael Wail Wa'el وائل|"
    "Yahya Jahja Yehia يحيى|Osama Usama Oussama أسامة|Salah Saleh صلاح|"
    "Marwan Merwan مروان|Qasim Kasim Kassem Qassem قاسم|Adnan Adnane عدنان",
    "last": "Al-Sayed El-Sayed Alsayed السيد|Al-Ahmad Alahmad Al-Ahmed الأحمد|"
    "Haddad Hadad Haddade حداد|Khalil Khaleel Chalil خليل|"
    "Mansour Mansur Manssour منصور|Saleh Salih Saleh صالح|Hamdan Hamdane حمدان|"
    "Al-Hussein Alhussein Al-Husain الحسين|Khoury Khouri Churi خوري|"
    "Nasser Naser Nasr نصر|Othman Osman Uthman عثمان|"
    "Darwish Darwisch Darwiche درويش|Barakat Barakate بركات|Issa Isa Eissa عيسى|"
    "Jaber Dschaber Jabir جابر|Qasem Kassem Qassim قاسم|"
    "Shaheen Schahin Chahine شاهين|Al-Masri Almasri El-Masry المصري|"
    "Al-Halabi Alhalabi Halabi الحلبي|Hamoud Hammoud Hamud حمود|"
    "Suleiman Sulaiman Soliman Sleiman سليمان|Ramadan Ramadhan رمضان|"
    "Ismail Ismaeel Esmail إسماعيل|Younes Yunis Younis يونس|Taha Taha طه|"
    "Al-Jasem Aljasem Al-Jassim الجاسم|Al-Mohammad Almohammad Al-Muhammed المحمد|"
    "Awad Awwad عوض|Zidan Zaidan Zeidan زيدان|Fares Faris فارس|"
    "Hijazi Hidschazi Hedjazi حجازي|Bakri Bakry Al-Bakri البكري|"
    "Al-Ali Alali Al-Aly العلي|Ayoub Ayub Ayyoub أيوب|Shami Al-Shami Schami الشامي|"
    "Daoud Dawood Daud داود|Rashid Raschid Rasheed رشيد|Abbas Abbass عباس|"
    "Najjar Al-Najjar Nadschar نجار|Sabbagh Sabbag Al-Sabbagh صباغ|"
    "Obeid Ubaid Obaid عبيد|Maalouf Malouf Maluf معلوف|Kanaan Kanan Canaan كنعان|"
    "Tamimi Al-Tamimi Altamimi التميمي",
}
UKRAINIAN = {
    "female": "Олена Наталія Тетяна Ірина Оксана Світлана Людмила Юлія Катерина Анна Марія "
    "Вікторія Галина Ганна Любов Надія Валентина Лариса Ольга Анастасія Дарина Софія Поліна "
    "Христина Зоряна Богдана Жанна Євгенія Яна Діана Маргарита Валерія Інна Алла Раїса",
    "male": "Олександр Сергій Володимир Андрій Микола Віктор Юрій Василь Іван Петро Михайло "
    "Дмитро Максим Артем Богдан Тарас Роман Олег Ігор Євген Ярослав Руслан Денис Павло Назар "
    "Григорій Костянтин Анатолій Степан Остап Данило Кирило Захар Вадим В'ячеслав",
    "last": "Мельник Шевченко Бойко Коваленко Бондаренко Ткаченко Ковальчук Кравченко Олійник "
    "Шевчук Коваль Поліщук Бондар Ткачук Марченко Мороз Руденко Савченко Петренко Кравчук "
    "Клименко Пономаренко Савчук Василенко Харченко Левченко Карпенко Гаврилюк Мельничук Павленко "
    "Лисенко Сидоренко Романюк Тимошенко Яценко Гончаренко Гончар Щербак Захарченко Козак "
    "Федоренко Журавель Хоменко Чорний Білик Жук Цимбалюк Яременко Юрченко Дяченко Зінченко "
    "Ющенко Гриценко Кириленко Заєць Кравець Швець Чернець Гуменюк Панченко",
}
TURKISH = {
    "female": "Ayşe Fatma Emine Hatice Zeynep Elif Meryem Şerife Sultan Hanife Merve Büşra Esra "
    "Kübra Özlem Derya Gülşen Çiğdem Sevgi Yasemin Tuğba Ebru Dilek Aylin Ceren Ezgi Gamze İrem "
    "Pınar Songül Nurcan Feride Şeyma Ümmühan Azra Defne Nehir Ayşegül",
    "male": "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan "
    "Süleyman Abdullah Emre Burak Çağlar Cem Deniz Erkan Fatih Gökhan Halil İlker Kaan Kadir "
    "Levent Oğuz Özgür Serkan Şükrü Tolga Uğur Ümit Volkan Yiğit Yunus Emin Doğan",
    "last": "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç "
    "Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Yavuz Can Acar Şen Güler "
    "Yalçın Güneş Bozkurt Bulut Keskin Ünal Turan Gül Özer Işık Avcı Tekin Koçak Taş Sarı Aktaş "
    "Çiftçi Özçelik Karaca Uçar Güven Tunç Bayram Sezer Ateş Altın Başaran Karagöz Türkmen Ekinci",
}
_PLAIN = "абвгґдезиіїйклмнопрстуф"
#: The table of the Ukrainian state (2010), as in passports.
_OFFICIAL = {
    **dict(zip(_PLAIN, "abvhgdezyiiiklmnoprstuf", strict=True)),
    **dict(re.findall(r"(.):(\w+)", "є:ie ж:zh х:kh ц:ts ч:ch ш:sh щ:shch ю:iu я:ia")),
    "ь": "",
    "'": "",
}
_OFFICIAL_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
#: As German offices and newspapers write.
_GERMAN = {
    **dict(zip(_PLAIN, "abwhgdesyiijklmnoprstuf", strict=True)),
    **dict(re.findall(r"(.):(\w+)", "ї:ji є:je ж:sch х:ch ц:z ч:tsch ш:sch щ:schtsch ю:ju я:ja")),
    "ь": "",
    "'": "",
}
_SIMPLE = str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosuCGIOSU")
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
_BARE = {"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "s"}

Spellings = Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the list, and who it really is."""

    who: int
    origin: str
    first_name: str
    last_name: str
    birth_date: date | None
    gender: str
    phone: str
    email: str
    postcode: str


@dataclass(frozen=True, slots=True)
class _Truth:
    """A person as it is: names with all their spellings, and the entry without a mistake."""

    first: Spellings
    last: Spellings
    row: Row


def site(people: int, *, seed: int, doubled: float = 0.1) -> list[Row]:
    """A site's list: so many different people, a share of them entered once more, some twice."""
    draw = random.Random(seed)
    truths: list[_Truth] = []
    while len(truths) < people:
        truths.extend(_household(draw))
    del truths[people:]
    for who, truth in enumerate(truths):
        email = f"person{who}@beispiel.example" if draw.random() < 0.4 else ""
        truths[who] = replace(truth, row=replace(truth.row, who=who, email=email))
    rows = [truth.row for truth in truths]
    for truth in truths:
        if draw.random() < doubled:
            rows.append(_again(draw, truth))
            if draw.random() < 0.05:
                rows.append(_again(draw, truth))
    draw.shuffle(rows)
    return rows


def _household(draw: random.Random) -> Iterator[_Truth]:
    """One person, or brothers and sisters with one phone; twins and namesakes among them."""
    origin = draw.choice(ORIGINS)
    last = _pick(draw, _names(origin, "last"))
    phone, postcode = _phone(draw), draw.choice(_POSTCODES)
    size = draw.choices((1, 2, 3, 4), (55, 25, 13, 7))[0]
    first_born = date(1950, 1, 1) + timedelta(days=draw.randrange(25_000))
    written = draw.choices(last, _habits(last))[0]
    firsts: list[Spellings] = []
    for place in range(size):
        gender = draw.choice(("female", "male"))
        first = _pick(draw, _names(origin, gender))
        if first in firsts:
            continue
        is_twin = place == 1 and draw.random() < 0.08
        is_namesake = place == 1 and gender == "male" and draw.random() < 0.03
        born = first_born if is_twin else _another_day(draw, first_born)
        if is_namesake:
            first, born = firsts[0], first_born + timedelta(days=9_000 + draw.randrange(4_000))
        firsts.append(first)
        if origin == "Arabic" and draw.random() < 0.15:
            born = date(born.year, 1, 1)
        name = draw.choices(first, _habits(first))[0]
        own = _phone(draw) if draw.random() < 0.4 else phone
        yield _Truth(
            first,
            last,
            Row(
                who=0,
                origin=origin,
                first_name=name,
                last_name=written,
                birth_date=born if draw.random() < 0.9 else None,
                gender=gender if draw.random() < 0.9 else "unsaid",
                phone=own if draw.random() < 0.85 else "",
                email="",
                postcode=postcode,
            ),
        )


def _another_day(draw: random.Random, near: date) -> date:
    return near + timedelta(days=draw.choice((-1, 1)) * draw.randrange(330, 4_000))


def _again(draw: random.Random, truth: _Truth) -> Row:
    """The same person at another desk: other spellings, and one to three mistakes."""
    row = truth.row
    if draw.random() < 0.5:
        row = replace(row, first_name=draw.choice(truth.first), last_name=draw.choice(truth.last))
    if draw.random() < 0.35:
        row = replace(row, phone=_phone(draw) if draw.random() < 0.7 else "")
    if draw.random() < 0.4:
        row = replace(row, email="")
    if draw.random() < 0.15:
        row = replace(row, postcode=draw.choice(_POSTCODES))
    for mistake in draw.choices(_MISTAKES, _CHANCES, k=draw.choices((0, 1, 2), (25, 50, 25))[0]):
        row = mistake(draw, row)
    return row


def _slip(draw: random.Random, word: str) -> str:
    """One letter wrong, missing, twice, or swapped with the next."""
    if len(word) < 3:
        return word
    place = draw.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return draw.choice(
        (
            before + draw.choice(word.lower()) + after,
            before + after,
            before + letter * 2 + after,
            before + after[0] + letter + after[1:],
        )
    )


def _slip_in_first(draw: random.Random, row: Row) -> Row:
    return replace(row, first_name=_slip(draw, row.first_name))


def _slip_in_last(draw: random.Random, row: Row) -> Row:
    return replace(row, last_name=_slip(draw, row.last_name))


def _swapped_names(_draw: random.Random, row: Row) -> Row:
    return replace(row, first_name=row.last_name or row.first_name, last_name=row.first_name)


def _one_cell(_draw: random.Random, row: Row) -> Row:
    return replace(row, first_name=f"{row.first_name} {row.last_name}".strip(), last_name="")


def _no_last_name(_draw: random.Random, row: Row) -> Row:
    return replace(row, last_name="")


def _half_a_name(draw: random.Random, row: Row) -> Row:
    """One of two first or last names is left out, or a second one is said."""
    if "-" in row.last_name and draw.random() < 0.5:
        return replace(row, last_name=row.last_name.split("-")[-1])
    if "-" in row.first_name:
        return replace(row, first_name=row.first_name.split("-")[0])
    second = draw.choice(_names(row.origin, "male" if row.gender == "male" else "female"))[0]
    return replace(row, first_name=f"{row.first_name} {second}")


def _wrong_digit(draw: random.Random, row: Row) -> Row:
    if row.birth_date is None:
        return row
    written = f"{row.birth_date:%Y%m%d}"
    for _try in range(50):
        place = draw.randrange(2, 8)
        other = written[:place] + str(draw.randrange(10)) + written[place + 1 :]
        try:
            day = date(int(other[:4]), int(other[4:6]), int(other[6:]))
        except ValueError:
            continue
        if other != written and day <= date(2022, 12, 31):
            return replace(row, birth_date=day)
    return row


def _swapped_day(draw: random.Random, row: Row) -> Row:
    born = row.birth_date
    if born is None or born.day > 12:
        return _wrong_digit(draw, row)
    return replace(row, birth_date=date(born.year, born.day, born.month))


def _guessed_day(_draw: random.Random, row: Row) -> Row:
    born = row.birth_date
    return row if born is None else replace(row, birth_date=date(born.year, 1, 1))


def _no_day(_draw: random.Random, row: Row) -> Row:
    return replace(row, birth_date=None)


_MISTAKES: tuple[Callable[[random.Random, Row], Row], ...] = (
    _slip_in_first,
    _slip_in_last,
    _swapped_names,
    _one_cell,
    _no_last_name,
    _half_a_name,
    _wrong_digit,
    _swapped_day,
    _guessed_day,
    _no_day,
)
_CHANCES = (18, 18, 10, 6, 5, 8, 14, 8, 4, 9)
_POSTCODES = [f"{number:05}" for number in range(4103, 4121)]


def _phone(draw: random.Random) -> str:
    number = f"{draw.randrange(10_000_000):07}"
    form = draw.choice(("0176 {}", "+49 176 {}", "0176{}", "0049176{}", "0176/{}"))
    return form.format(number)


def _pick(draw: random.Random, names: Sequence[Spellings]) -> Spellings:
    """A name; the first of a list are far more frequent than the last, as names are."""
    weights = [1 / (place + 4) for place in range(len(names))]
    return draw.choices(names, weights)[0]


def _habits(spellings: Spellings) -> list[int]:
    """The first spelling is the usual one; other scripts are rare in German lists."""
    return [6, *(2 for _each in spellings[1:-1]), *(1 for _each in spellings[-1:] if spellings[1:])]


_CACHE: dict[tuple[str, str], list[Spellings]] = {}


def _names(origin: str, kind: str) -> list[Spellings]:
    if (origin, kind) not in _CACHE:
        _CACHE[origin, kind] = list(_spelled(origin, kind))
    return _CACHE[origin, kind]


def _spelled(origin: str, kind: str) -> Iterator[Spellings]:
    if origin == "Arabic":
        yield from (tuple(each.split()) for each in ARABIC[kind].split("|"))
    elif origin == "Ukrainian":
        for name in UKRAINIAN[kind].split():
            yield _official(name), _table(name, _GERMAN), name
    else:
        for name in (GERMAN if origin == "German" else TURKISH)[kind].split():
            plain = name.translate(_SIMPLE)
            spelled = {name: None, _with(name, _UMLAUTS): None}
            if origin == "Turkish":
                spelled |= {plain: None}
            elif plain != name:
                spelled |= {_with(name, _BARE): None}
            yield tuple(spelled)


def _with(name: str, table: dict[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in name)


def _official(name: str) -> str:
    lowered = name.lower().replace("зг", "zgh")
    first = _OFFICIAL_FIRST.get(lowered[0], "")
    rest = _table(lowered[1:] if first else lowered, _OFFICIAL)
    return (first + rest.lower()).capitalize()


def _table(name: str, table: dict[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in name.lower()).capitalize()

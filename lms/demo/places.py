"""The client, its partners and their teams, as rows and as ids."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence

from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.content import CLIENT, Content, OrganisationText
from lms.demo.knobs import Settings
from partners.models import Organisation, Team

_TERRITORIES = {
    "kanto": ("東京23区 Tokyo", "神奈川 Kanagawa", "埼玉 Saitama", "千葉 Chiba", "多摩 Tama"),
    "north": ("札幌 Sapporo", "函館 Hakodate", "仙台 Sendai", "盛岡 Morioka"),
    "kyushu": ("福岡 Fukuoka", "長崎 Nagasaki", "熊本 Kumamoto", "鹿児島 Kagoshima"),
    "kansai": ("大阪 Osaka", "京都 Kyoto", "神戸 Kobe", "奈良 Nara"),
    "tokai": ("名古屋 Nagoya", "三河 Mikawa", "浜松 Hamamatsu", "岐阜 Gifu"),
    "tohoku": ("仙台 Sendai", "福島 Fukushima", "山形 Yamagata", "秋田 Akita"),
    "hokkaido": ("札幌 Sapporo", "旭川 Asahikawa", "帯広 Obihiro"),
    "koshinetsu": ("長野 Nagano", "甲府 Kofu", "新潟 Niigata"),
    "chugoku": ("広島 Hiroshima", "岡山 Okayama", "山口 Yamaguchi"),
    "hokuriku": ("金沢 Kanazawa", "富山 Toyama", "福井 Fukui"),
    "shikoku": ("高松 Takamatsu", "松山 Matsuyama", "高知 Kochi"),
    "okinawa": ("那覇 Naha", "沖縄市 Okinawa City"),
}


@dataclasses.dataclass(frozen=True)
class Place:
    """An organisation with its ids; its number is that of the world's firm."""

    number: int
    text: OrganisationText
    id: uuid.UUID
    teams: tuple[uuid.UUID, ...]
    created_at: dt.datetime

    def team(self, key: str) -> uuid.UUID:
        """Return the id of the team with this key."""
        return self.teams[[team.key for team in self.text.teams].index(key)]


def places(content: Content, settings: Settings, calendar: Calendar, seed: int) -> list[Place]:
    """Return all organisations, the client first; each is entered when the work with it began."""
    found = []
    for number, (text, firm) in enumerate(zip(content.organisations, settings.firms, strict=True)):
        rng = stream(seed, "place", text.key)
        created_at = calendar.at(calendar.first_day(max(firm.launch, 0) - 1), 10 + number / 30)
        found.append(
            Place(
                number=number,
                text=text,
                id=uuid_at(rng, created_at),
                teams=tuple(uuid_at(rng, created_at) for _ in text.teams),
                created_at=created_at,
            )
        )
    return found


def organisations(found: Sequence[Place]) -> Iterator[Organisation]:
    """Return the rows of the organisations."""
    for place in found:
        is_client = place.text.key == CLIENT
        yield Organisation(
            id=place.id,
            kind=Organisation.Kind.CLIENT if is_client else Organisation.Kind.PARTNER,
            name=place.text.name,
            area=place.text.area,
            is_demo=True,
            created_at=place.created_at,
        )


def teams(found: Sequence[Place]) -> Iterator[Team]:
    """Return the rows of their teams."""
    for place in found:
        for text, team_id in zip(place.text.teams, place.teams, strict=True):
            yield Team(
                id=team_id,
                organisation_id=place.id,
                name=text.name,
                created_at=place.created_at,
            )


def teams_by_number(
    found: Sequence[Place],
) -> Mapping[tuple[int, int], tuple[uuid.UUID, uuid.UUID]]:
    """Return organisation and team by the numbers that the world knows them by."""
    return {
        (place.number, number): (place.id, team_id)
        for place in found
        for number, team_id in enumerate(place.teams)
    }


def territories(place: Place, language: str) -> list[str]:
    """Return the territories that reps of this organisation look after."""
    names = [each.split(" ", 1) for each in _TERRITORIES.get(place.text.area_key, ())]
    return [name[0] if language == "ja" else name[1] for name in names] or [place.text.area]

"""Names of the people who are not drawn by hand: common ones, with reading and Latin spelling. Pure."""

import dataclasses
import random

_FAMILY = """
佐藤 さとう Sato|鈴木 すずき Suzuki|田中 たなか Tanaka|渡辺 わたなべ Watanabe|山本 やまもと Yamamoto|中川 なかがわ Nakagawa
小林 こばやし Kobayashi|加藤 かとう Kato|山田 やまだ Yamada|山口 やまぐち Yamaguchi|松井 まつい Matsui|井上 いのうえ Inoue
清水 しみず Shimizu|山崎 やまざき Yamazaki|阿部 あべ Abe|池田 いけだ Ikeda|橋本 はしもと Hashimoto|山下 やました Yamashita
石川 いしかわ Ishikawa|中島 なかじま Nakajima|前田 まえだ Maeda|藤田 ふじた Fujita|後藤 ごとう Goto|岡本 おかもと Okamoto
村上 むらかみ Murakami|遠藤 えんどう Endo|青木 あおき Aoki|斉藤 さいとう Saito|福田 ふくだ Fukuda|太田 おおた Ota
西田 にしだ Nishida|三浦 みうら Miura|竹内 たけうち Takeuchi|中野 なかの Nakano|原田 はらだ Harada|松田 まつだ Matsuda
小野 おの Ono|田村 たむら Tamura|中山 なかやま Nakayama|和田 わだ Wada|石田 いしだ Ishida|上田 うえだ Ueda
内田 うちだ Uchida|柴田 しばた Shibata|酒井 さかい Sakai|宮崎 みやざき Miyazaki|横山 よこやま Yokoyama|高木 たかぎ Takagi
安藤 あんどう Ando|宮本 みやもと Miyamoto|大野 おおの Ono|今井 いまい Imai|工藤 くどう Kudo|谷口 たにぐち Taniguchi
丸山 まるやま Maruyama|増田 ますだ Masuda|大塚 おおつか Otsuka|小島 こじま Kojima|新井 あらい Arai|千葉 ちば Chiba
岩崎 いわさき Iwasaki|桜井 さくらい Sakurai|野口 のぐち Noguchi|松尾 まつお Matsuo|菊地 きくち Kikuchi|野村 のむら Nomura
木下 きのした Kinoshita|菅原 すがわら Sugawara|久保 くぼ Kubo|水野 みずの Mizuno|熊谷 くまがい Kumagai|島田 しまだ Shimada
"""

_GIVEN = """
翔太 しょうた Shota|健一 けんいち Kenichi|大輔 だいすけ Daisuke|拓也 たくや Takuya|直樹 なおき Naoki|亮太 りょうた Ryota
智也 ともや Tomoya|隼人 はやと Hayato|悠斗 ゆうと Yuto|蓮 れん Ren|大翔 ひろと Hiroto|海斗 かいと Kaito
駿 しゅん Shun|圭介 けいすけ Keisuke|雄大 ゆうだい Yudai|康平 こうへい Kohei|俊介 しゅんすけ Shunsuke|達也 たつや Tatsuya
和也 かずや Kazuya|誠 まこと Makoto|浩二 こうじ Koji|修 おさむ Osamu|真司 しんじ Shinji|優太 ゆうた Yuta
颯太 そうた Sota|陽平 ようへい Yohei|一樹 かずき Kazuki|涼介 りょうすけ Ryosuke|晃 あきら Akira|慎吾 しんご Shingo
葵 あおい Aoi|優子 ゆうこ Yuko|陽菜 ひな Hina|結衣 ゆい Yui|美穂 みほ Miho|彩香 あやか Ayaka
麻衣 まい Mai|愛 あい Ai|沙織 さおり Saori|真由美 まゆみ Mayumi|香織 かおり Kaori|恵 めぐみ Megumi
七海 ななみ Nanami|千夏 ちなつ Chinatsu|遥 はるか Haruka|桃子 ももこ Momoko|楓 かえで Kaede|凛 りん Rin
明日香 あすか Asuka|奈々 なな Nana|由佳 ゆか Yuka|理恵 りえ Rie|綾乃 あやの Ayano|早紀 さき Saki
裕美 ひろみ Hiromi|菜摘 なつみ Natsumi|梨花 りか Rika|琴音 ことね Kotone|詩織 しおり Shiori|杏奈 あんな Anna
"""

_ABROAD = """
グエン|ぐえん|Nguyen|ミン|みん|Minh
チャン|ちゃん|Tran|フオン|ふおん|Phuong
キム|きむ|Kim|ジウ|じう|Jiwoo
リー|りー|Lee|ウェイ|うぇい|Wei
シルバ|しるば|Silva|ルーカス|るーかす|Lucas
サントス|さんとす|Santos|マリア|まりあ|Maria
グルン|ぐるん|Gurung|アシシュ|あししゅ|Ashish
ペレラ|ぺれら|Perera|ニマル|にまる|Nimal
"""


@dataclasses.dataclass(frozen=True)
class Name:
    """A name as it is written, its reading, and in Latin letters."""

    family: str
    given: str
    family_reading: str
    given_reading: str
    family_latin: str
    given_latin: str

    @property
    def address(self) -> str:
        """What stands before the @ of their address."""
        return f"{self.given_latin}.{self.family_latin}".lower()


def _table(source: str) -> list[tuple[str, str, str]]:
    rows = (each.split() for each in source.replace("\n", "|").strip("|").split("|"))
    return [(row[0], row[1], row[2]) for row in rows]


FAMILY, GIVEN = _table(_FAMILY), _table(_GIVEN)


def _abroad() -> list[Name]:
    rows = (line.split("|") for line in _ABROAD.split())
    return [Name(row[0], row[3], row[1], row[4], row[2], row[5]) for row in rows]


def draw(rng: random.Random, count: int) -> list[Name]:
    """Return so many different names in a drawn order; some families come from abroad.

    No two share family and given name in any spelling.
    """
    pairs = {
        f"{given[2]} {family[2]}": Name(
            family[0], given[0], family[1], given[1], family[2], given[2]
        )
        for family in FAMILY
        for given in GIVEN
    }
    home = rng.sample(list(pairs.values()), count)
    abroad = _abroad()[:count]
    for name, place in zip(abroad, rng.sample(range(count), len(abroad)), strict=True):
        home[place] = name
    return home

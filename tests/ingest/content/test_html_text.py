"""HTML of mail programs as Markdown."""

from __future__ import annotations

import pytest

from ingest.content.html import tree_to_markdown
from ingest.content.markup import read_markup


def markdown_of(html: str) -> str:
    return tree_to_markdown(read_markup(html), {"one": "plan.png"})


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div><div><br></div><div>Three</div>", "One\n\nTwo\n\nThree"),
        ("One<br>Two<br><br>Three", "One  \nTwo\n\nThree"),
        ("<h2>Posts <b>now</b></h2>", "## Posts **now**"),
        ("<b>a</b><b>b</b> <i> c </i>d", "**ab** *c* d"),
        ('<span style="font-weight:bold">x</span><b style="font-weight:normal">y</b>', "**x**y"),
        ("<b><div>One</div><div>Two</div></b>", "**One**\n\n**Two**"),
        ("a <code>x_y*</code>", "a `x_y*`"),
        ("<ul><li>One<ul><li>In</li></ul></li><li>Two</li></ul>", "- One\n    - In\n- Two"),
        ("<ol start=3><li>Three</li><li>Four</li></ol>", "3. Three\n4. Four"),
        ("<ul><li><p>One</p><p>More</p></li><li>Two</li></ul>", "- One\n\n    More\n\n- Two"),
        ("<blockquote>One<br>Two</blockquote>", "> One  \n> Two"),
        ("<pre>a    b\n  c</pre>", "```\na    b\n  c\n```"),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td><td></td></tr></table>",
            "| A | B |\n| --- | --- |\n| 1\\|2 |  |",
        ),
        ("<table><tr><td><p>Only</p><p>layout</p></td></tr></table>", "Only\n\nlayout"),
        ('<a href="https://x.example/a b(c)">x</a>', "[x](https://x.example/a%20b%28c%29)"),
        ('<a href="https://x.example/">https://x.example</a>', "<https://x.example/>"),
        ('<a href="mailto:j@x.example">j@x.example</a>', "j@x.example"),
        ('<a href="javascript:alert(1)">x</a><a href=" java\nscript:y">z</a><a href="data:text/html,x">w</a>', "xzw"),
        ("<script>alert(1)</script><style>p{}</style><!-- c --><title>t</title>ok", "ok"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;script>alert(1)&lt;/script>"),
        ('<div style="display:none">preheader</div><p hidden>h</p>ok', "ok"),
        ('<img src="https://t.example/p" width="1" height="1"><img src="https://t.example/q" style="width:0px">ok', "ok"),
        ('<img src="https://t.example/logo.png" alt="Acme">', "[🖼 Acme](https://t.example/logo.png)"),
        ('<img src="https://t.example/a/logo.png">', "[🖼 t.example/logo.png](https://t.example/a/logo.png)"),
        ('<img src="cid:one" alt="x"><img src="cid:other">', "![plan.png](files/plan.png)"),
        ('<img src="data:image/png;base64,AAAA">ok', "ok"),
        ("<p>a<!--[if mso]><b>no</b><![endif]-->b</p>", "ab"),
        ("a&nbsp;&nbsp;b\u200b\u200bc", "a bc"),
        ("unclosed <b>bold <i>both", "unclosed **bold** ***both***"),
        ("", ""),
        ("<", "&lt;"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert markdown_of(html) == markdown


def test_the_lists_that_outlook_writes_as_paragraphs_are_lists() -> None:
    html = """<p class=MsoNormal>Please:<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span style='font:7.0pt'>&nbsp;&nbsp; </span></span><![endif]>One<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt'>&nbsp;&nbsp; </span></span><![endif]>Inner<o:p></o:p></p>
<p class=MsoNormal>Thanks<o:p>&nbsp;</o:p></p>"""
    assert markdown_of(html) == "Please:\n\n- One\n    1. Inner\n\nThanks"


def test_deep_and_endless_html_gives_its_words() -> None:
    assert markdown_of("<div>" * 50_000 + "words") == "words"
    assert markdown_of("<blockquote>" * 500 + "words").endswith("words")
    assert markdown_of("<ul><li>" * 500 + "words").endswith("words")

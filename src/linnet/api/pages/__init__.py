"""The pages for people in browsers: templates with autoescape, one stylesheet, and one script, for passkeys."""

from pathlib import Path
from typing import Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from linnet.api.answers import STRICT_CSP, Html
from linnet.api.pages.wording import counted, date_of, day, when
from linnet.api.pictures import logo_svg
from linnet.platform.site import Site

FOLDER: Final = Path(__file__).parent
STYLE_PATH: Final = "/pages/style.css"
SCRIPT_PATH: Final = "/pages/passkeys.js"
_FRESH: Final = (("Cache-Control", "no-store"),)

_templates = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
cast("dict[str, object]", _templates.filters).update(when=when, day=day, counted=counted, date=date_of)


def render(
    site: Site,
    name: str,
    /,
    *,
    status: int = 200,
    form_target: str | None = None,
    runs_script: bool = False,
    **context: object,
) -> Html:
    """The page `name`.html with these values, never to be cached.

    `form_target` is one more Content-Security-Policy source where the page's forms may end, besides this server;
    `runs_script` lets the page run this server's own script files, and nothing in the page itself.
    """
    template = _templates.get_template(f"{name}.html")
    text = template.render(site=site, logo=logo_svg(), style_path=STYLE_PATH, **context)
    csp = STRICT_CSP
    if site.media_origin:
        csp = csp.replace("data:; media-src 'self'", f"data: {site.media_origin}; media-src 'self' {site.media_origin}")
    if form_target is not None:
        csp = csp.replace("form-action 'self'", f"form-action 'self' {form_target}")
    if runs_script:
        csp = f"{csp}; script-src 'self'"
    return Html(text, status, csp, _FRESH)

"""Templates: markup from a format's folder, or from a folder of the user's that stands before it.

Templates are run in Jinja2's sandbox, so that a stranger's may be used; every string that is not markup already
is escaped in the format's own way.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import cache

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from chalkgrad.errors import TemplateError
from chalkgrad.messages import Message
from chalkgrad.render.escaping import ESCAPES
from chalkgrad.render.formats import Format


class Ready(str):
    """Text that already is markup and must not be escaped again."""

    __slots__ = ()


def run(form: Format, template: str, **context: object) -> str:
    """Run a template of a format.

    Raises `TemplateError` with file and line where a template of the user's is wrong.
    """
    try:
        return _environment(form).get_template(template).render(**context)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"{error.filename or template}:{error.lineno}: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        raise TemplateError(
            Message("{format}: no template is called {name}", format=form.name, name=str(error))
        ) from error
    except Exception as error:
        place = _place(error, form)
        if place is None:
            raise
        raise TemplateError(f"{place}: {error}") from error


def _place(error: Exception, form: Format) -> str | None:
    """File and line of the user's template that was running; None where it was none of the user's."""
    if form.overrides is None:
        return None
    home = str(form.overrides)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(home)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None


@cache
def _environment(form: Format) -> jinja2.Environment:
    escape: Callable[[str], str] = ESCAPES[form.escape]

    def finalize(value: object) -> str:
        return value if isinstance(value, Ready) else escape(str(value))

    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(form.folders),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        auto_reload=False,
    )

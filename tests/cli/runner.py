"""One process that runs `linnet` again and again, so that a test pays for its imports once. A JSON line in, one out."""

import contextlib
import io
import json
import os
import sys
import traceback

from linnet.cli import main


def run(args: list[str], env: dict[str, str]) -> dict[str, object]:
    """What one command line prints and how it exits, just as from a shell."""
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["linnet", *args]
    written = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in written)
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as exit_:
            code = exit_.code or 0
        except BaseException:  # noqa: BLE001 -- it is told to the test, which fails by it
            traceback.print_exc()
            code = 1
    return {"code": code, "stdout": written[0].getvalue().decode(), "stderr": written[1].getvalue().decode()}


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(json.dumps(run(request["args"], request["env"])) + "\n")
        answers.flush()

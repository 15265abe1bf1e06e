"""A chat model's server on the loopback: the OpenAI chat-completions protocol, with a script for what it replies."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONGEST = 30.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends: a status and a body, after `wait` seconds, or a byte each tenth of a second for ever."""

    body: bytes
    status: int = 200
    wait: float = 0.0
    drips: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A recorded request: everything that reached the server."""

    body: dict[str, Any]

    @property
    def text(self) -> str:
        """Both messages, as the model would read them."""
        return "\n".join(message["content"] for message in self.body["messages"])

    @property
    def passages(self) -> list[dict[str, str]]:
        """The passages, as the prompt gives them: one JSON object a line."""
        return [json.loads(line) for line in self.text.splitlines() if line.startswith('{"key"')]

    def key(self, words: str) -> str:
        """The key of the first passage that holds these words, in the brackets that a statement ends with."""
        return next(f"[{p['key']}]" for p in self.passages if words in p["text"])


Script = Callable[[Asked], str | Reply]


def says_nothing(_: Asked) -> str:
    """The script before a test sets its own."""
    return ""


class ChatServer:
    """Replies by `script` (words, or a Reply that need not follow the protocol) and records what it was asked."""

    def __init__(self) -> None:
        self.script: Script = says_nothing
        self.asked: list[Asked] = []
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The base address for OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "ChatServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reset(self, script: Script = says_nothing) -> None:
        """Forget what was asked, and reply by another script."""
        self.script, self.asked = script, []

    def reply_to(self, body: bytes) -> Reply:
        """Record a request and say what to send."""
        asked = Asked(json.loads(body))
        self.asked.append(asked)
        said = self.script(asked)
        return said if isinstance(said, Reply) else Reply(completion(said))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                reply = server.reply_to(self.rfile.read(int(self.headers["Content-Length"])))
                server._released.wait(reply.wait)
                try:
                    self._send(reply)
                except OSError:
                    pass  # the client has hung up, as it should

            def _send(self, reply: Reply) -> None:
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(10**6 if reply.drips else len(reply.body)))
                self.end_headers()
                while reply.drips and not server._released.wait(0.1):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def completion(words: str) -> bytes:
    """A chat completion with these words."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": words}}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    made = {"id": "c", "object": "chat.completion", "created": 0, "model": "test", "choices": [choice], "usage": usage}
    return json.dumps(made).encode()

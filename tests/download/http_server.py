"""A local web server that misbehaves as it is told."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Request:
    """One request, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, content: bytes):
        self._handler = handler
        self.content = content
        self.path = handler.path
        self.range = handler.headers.get("Range")
        self.if_range = handler.headers.get("If-Range")

    @property
    def first(self) -> int:
        """Where the wanted part begins."""
        return int(self.range.removeprefix("bytes=").rstrip("-")) if self.range else 0

    def head(self, status: int, **headers: str | int) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), str(value))
        self._handler.end_headers()

    def body(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def whole(self, data: bytes | None = None, *, only: int | None = None, **headers: str | int) -> None:
        """All of the file, or `only` its first bytes and then a cut."""
        data = self.content if data is None else data
        self.head(200, Content_Length=len(data), **headers)
        self.body(data[:only])

    def serve(self, *, only: int | None = None) -> None:
        """As a good server does, with ranges and a tag of the version."""
        tag = '"' + hashlib.md5(self.content).hexdigest() + '"'
        if self.range is None or (self.if_range and self.if_range != tag):
            self.whole(only=only, ETag=tag)
        elif self.first >= len(self.content):
            self.head(416, Content_Range=f"bytes */{len(self.content)}", Content_Length=0)
        else:
            rest = self.content[self.first :]
            span = f"bytes {self.first}-{len(self.content) - 1}/{len(self.content)}"
            self.head(206, Content_Range=span, Content_Length=len(rest), ETag=tag)
            self.body(rest[:only])

    def stall(self, seconds: float = 1.0) -> None:
        """Say nothing, and keep the line open."""
        time.sleep(seconds)


class Server:
    """What was asked, and what is answered next."""

    def __init__(self, content: bytes):
        self.content = content
        self.url = ""
        self.requests: list[Request] = []
        self.answers: list[Callable[[Request], None]] = []  # one a request; then `otherwise`
        self.otherwise: Callable[[Request], None] = Request.serve

    def answer(self, request: Request) -> None:
        self.requests.append(request)
        (self.answers.pop(0) if self.answers else self.otherwise)(request)


@contextmanager
def serving(content: bytes) -> Iterator[Server]:
    """Run a server for a moment, on a free port of this machine."""
    server = Server(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has gone
                server.answer(Request(self, server.content))
            self.close_connection = True

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        http.block_on_close = False
        server.url = f"http://127.0.0.1:{http.server_address[1]}/file.bin"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()

"""An HTTP client that costs next to nothing: it shares its processors with the server that it measures.

One request at a time over one connection that stays open, to this computer and nothing else.
"""

import asyncio
from dataclasses import dataclass

SECONDS = 60.0  # for one response
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Reply:
    """A response: its status, its headers by lower-case name, and its body."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


class Client:
    """One connection, opened when it is needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.cookies: dict[bytes, bytes] = {}

    async def send(self, method: str, path: str, body: bytes = b"", headers: tuple[str, ...] = ()) -> Reply:
        """The response to one request. Raises OSError, EOFError and TimeoutError."""
        async with asyncio.timeout(SECONDS):
            try:
                return await self._once(method, path, body, headers)
            except (OSError, EOFError):
                await self.close()
                return await self._once(method, path, body, headers)  # the server closes what stays idle

    async def start(self, method: str, path: str, body: bytes, headers: tuple[str, ...], *, most: int) -> bytes:
        """The first bytes of a response, at most so many, after which the client leaves."""
        async with asyncio.timeout(SECONDS):
            await self.close()
            reader, writer = await self._open()
            writer.write(self._head(method, path, body, headers) + body)
            got = await reader.read(most)
            await self.close()
        return got

    async def close(self) -> None:
        """Ends the connection."""
        streams, self._streams = self._streams, None
        if streams:
            streams[1].close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port, limit=2**22)
        return self._streams

    def _head(self, method: str, path: str, body: bytes, headers: tuple[str, ...]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self._port}", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k.decode()}={v.decode()}" for k, v in self.cookies.items()))
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _once(self, method: str, path: str, body: bytes, headers: tuple[str, ...]) -> Reply:
        reader, writer = await self._open()
        writer.write(self._head(method, path, body, headers) + body)
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        fields = {}
        for line in lines:
            name, _, value = line.partition(b": ")
            if name.lower() == b"set-cookie":
                key, _, cookie = value.partition(b";")[0].partition(b"=")
                self.cookies[key] = cookie
            fields[name.lower()] = value
        status = int(first.split(b" ", 2)[1])
        content = await self._body(reader, fields, bare=method == "HEAD" or status in (204, 304))
        return Reply(status, fields, content)

    async def _body(self, reader: asyncio.StreamReader, fields: dict[bytes, bytes], *, bare: bool) -> bytes:
        if bare:
            return b""
        if b"chunked" not in fields.get(b"transfer-encoding", b""):
            return await reader.readexactly(int(fields.get(b"content-length", b"0")))
        parts = []
        while size := int((await reader.readuntil(b"\r\n")), 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        return b"".join(parts)

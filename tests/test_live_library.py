"""A library that is published anew, by another process, under a server that goes on answering."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.api_server import client_of, open_parts, publish_corpus
from tests.upload_samples import text_of

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"
TIMES = 4
PUBLISHER = """
import sys
from pathlib import Path
from ingest.encode import load_encoder
from ingest.publish import publish, remove

if __name__ == "__main__":
    data, folder, times = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    encoder = load_encoder(None)
    for number in range(times):
        text = f"# Nieuws {number}\\n\\nHet nieuws van dag {number} is er."
        (folder / f"nieuws {number}.md").write_text(text, "utf-8")
        publish([folder], data, encoder)
        print(number, flush=True)
        sys.stdin.readline()
    remove("nieuws 0.md", data, encoder)
"""


class Asking(threading.Thread):
    """Asks for these again and again until it is told to stop, and keeps what went wrong."""

    def __init__(self, client, requests):
        super().__init__()
        self.client, self.requests = client, requests
        self.stopping = threading.Event()
        self.wrong: list[str] = []
        self.versions: set[str] = set()
        self.count = 0

    def run(self):
        while not self.stopping.is_set():
            for method, path, body in self.requests:
                try:
                    response = self.client.request(method, path, json=body)
                except Exception as error:  # noqa: BLE001 - every failure counts
                    self.wrong.append(f"{path}: {error!r}")
                    continue
                self.count += 1
                if not response.is_success:
                    self.wrong.append(f"{path}: {response.status_code} {response.text}")
                elif path == "/v1/answers":
                    self.versions.add(response.json()["libraryVersion"])
                    if "2.150 woningen" not in response.json()["text"]:
                        self.wrong.append(response.text)


def test_a_library_changes_under_requests_without_one_that_fails(tmp_path, encoder):
    data = publish_corpus(tmp_path, encoder)
    news = tmp_path / "nieuws"
    news.mkdir()
    (news / "vast.md").write_bytes(text_of("Vast nieuws"))
    script = tmp_path / "uitgever.py"
    script.write_text(PUBLISHER, encoding="utf-8")
    with open_parts(data, encoder) as parts, client_of(parts) as client:
        [document] = [one for one in client.get("/v1/documents").json()["documents"] if one["source"] == "woonvisie.md"]
        path = f"/v1/documents/{document['docId']}"
        asking = [
            Asking(
                client, [("POST", "/v1/answers", {"question": QUESTION}), ("GET", "/v1/passages?q=gezinscoach", None)]
            ),
            Asking(
                client, [("GET", "/v1/documents", None), ("GET", f"{path}/text", None), ("GET", "/documenten", None)]
            ),
            Asking(client, [("GET", "/health/ready", None), ("GET", f"/documenten/{document['docId']}", None)]),
        ]
        for one in asking:
            one.start()
        try:
            with subprocess.Popen(
                [sys.executable, script, data, news, str(TIMES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            ) as publisher:
                assert publisher.stdout
                assert publisher.stdin
                for number in range(TIMES):
                    assert publisher.stdout.readline() == f"{number}\n"
                    sources = {one["source"] for one in client.get("/v1/documents").json()["documents"]}
                    assert f"nieuws {number}.md" in sources, "seen at once"
                    counts = [one.count for one in asking]
                    while any(one.count < before + 4 for one, before in zip(asking, counts, strict=True)):
                        time.sleep(0.01)
                    publisher.stdin.write("\n")
                    publisher.stdin.flush()
                assert publisher.wait(60) == 0
            sources = {one["source"] for one in client.get("/v1/documents").json()["documents"]}
            assert "nieuws 0.md" not in sources
            assert f"nieuws {TIMES - 1}.md" in sources
        finally:
            for one in asking:
                one.stopping.set()
            for one in asking:
                one.join()
    assert [wrong for one in asking for wrong in one.wrong] == []
    assert len(asking[0].versions) >= TIMES, "each version answered"

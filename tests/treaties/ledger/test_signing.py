"""Checkpoint lines are signed with a key of the site, and the checker tells whose they are."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from config.kit.api.exports import json_parts
from treaties import ledger
from treaties.ledger import signing, verify_checkpoint
from treaties.ledger.checkpoints import NoCheckpoint, compare

pytestmark = pytest.mark.django_db
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)


def in_base64(key):
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


@pytest.fixture
def files(tmp_path):
    """The checkpoint of the whole record, and the public keys, as somebody saves them."""
    checkpoint, key = tmp_path / "checkpoint.json", tmp_path / "key.pem"
    checkpoint.write_text("".join(json_parts(ledger.record_checkpoint(timezone.now()))))
    key.write_text(signing.published_keys())
    return checkpoint, key


class TestAKey:
    @pytest.mark.parametrize("text", ["", "x", "AAAA", "é"])
    def test_that_cannot_be_read_says_what_is_wanted(self, text):
        with pytest.raises(signing.WrongKey, match="32 bytes in base64"):
            signing.public_key(text)

    def test_of_an_earlier_day_stays_published_and_its_lines_hold(self, settings):
        line = ledger.checkpoint_line()
        before = signing.private_key(settings.CHECKPOINT_KEY)
        settings.CHECKPOINT_KEY = base64.b64encode(b"n" * 32).decode()
        assert [verdict.holds for verdict in compare(str(line))] == [False]
        settings.CHECKPOINT_KEYS_BEFORE = [in_base64(before)]
        assert [verdict.holds for verdict in compare(str(line))] == [True]
        assert signing.published_keys().count("BEGIN PUBLIC KEY") == 2

    def test_is_published(self, client):
        assert client.get("/treaties/checkpoint-key.pem").content.decode() == signing.published_keys()


class TestALine:
    def test_that_somebody_else_signed_is_told(self):
        line = ledger.checkpoint_line()
        forged = base64.urlsafe_b64encode(OTHER.sign(line.signed_text.encode())).decode().rstrip("=")
        (verdict,) = compare(f"{line.signed_text} {forged}")
        assert str(verdict).endswith("its signature is not this site's.")

    def test_without_a_signature_as_earlier_releases_gave_it_still_holds(self):
        assert [verdict.holds for verdict in compare(ledger.checkpoint_line().signed_text)] == [True]


class TestTheWholeRecordAsAFile:
    def test_stands_in_todays_record(self, files):
        verdicts = compare(files[0].read_text())
        assert len(verdicts) == 8  # the line, six treaties, and the site's own chain
        assert all(verdict.holds for verdict in verdicts)

    def test_that_is_not_whole_is_refused(self, files):
        with pytest.raises(NoCheckpoint, match="no whole checkpoint"):
            compare(files[0].read_text()[:-40])


class TestTheChecker:
    def test_tells_each_chain_with_its_head(self, files, capsys):
        assert verify_checkpoint.main(["--key", str(files[1]), str(files[0])]) == 0
        assert capsys.readouterr().out.count(": whole") == 7

    def test_compares_two_files(self, files, capsys):
        assert verify_checkpoint.main([str(files[0]), str(files[0])]) == 0

    def test_finds_a_chain_that_is_gone(self, files, tmp_path, capsys):
        found = json.loads(files[0].read_text())
        found["chains"] = found["chains"][1:]
        later = tmp_path / "later.json"
        later.write_text(json.dumps(found))
        assert verify_checkpoint.main([str(later), str(files[0])]) == 1
        assert "does not have this chain" in capsys.readouterr().out

    def test_finds_a_line_of_another_key(self, files, tmp_path, capsys):
        key = tmp_path / "other.pem"
        pem = OTHER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        key.write_bytes(pem)
        kept = tmp_path / "kept.txt"
        kept.write_text(str(ledger.checkpoint_line()))
        assert verify_checkpoint.main(["--key", str(key), "--line", str(kept), str(files[0])]) == 1
        assert "not signed with one of the keys" in capsys.readouterr().out
        assert verify_checkpoint.main(["--key", str(files[1]), "--line", str(kept), str(files[0])]) == 0

    def test_says_where_there_is_no_key(self, files, tmp_path):
        (tmp_path / "empty.pem").touch()
        with pytest.raises(SystemExit, match="no public key"):
            verify_checkpoint.main(["--key", str(tmp_path / "empty.pem"), str(files[0])])

    @pytest.mark.parametrize("arguments", [[], ["--key"], ["--line", "x"], ["a", "b", "c"]])
    def test_tells_how_it_is_used(self, arguments, capsys):
        assert verify_checkpoint.main(arguments) == 2
        assert "checkpoint.json" in capsys.readouterr().out

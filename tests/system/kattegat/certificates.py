"""A certificate authority and certificates for localhost."""

import shutil
import subprocess

from kattegat import paths

SERVER = ("subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n"
          "extendedKeyUsage=serverAuth\n")
AUTHORITY = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"


class Authority:
    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "ca.pem"
        self._made = 0
        self._sign("ca", AUTHORITY, "EC", ["-signkey", str(folder / "ca.key")])

    def _openssl(self, *words):
        subprocess.run(["openssl", *words], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _sign(self, name, extensions, kind, issuer):
        key, wish, ext, pem = (str(self.folder / (name + end))
                               for end in (".key", ".csr", ".ext", ".pem"))
        sort = {"EC": "ec_paramgen_curve:P-256", "RSA": "rsa_keygen_bits:2048"}
        self._openssl("genpkey", "-algorithm", kind, "-pkeyopt", sort[kind],
                      "-out", key)
        self._openssl("req", "-new", "-key", key, "-subj", "/CN=" + name,
                      "-out", wish)
        with open(ext, "w", encoding="ascii") as file:
            file.write(extensions)
        self._openssl("x509", "-req", "-in", wish, "-extfile", ext, "-sha256",
                      "-days", "30", "-out", pem, *issuer)
        return self.folder / (name + ".pem"), self.folder / (name + ".key")

    def certificate(self, kind="EC"):
        """A new one: (certificate, key)."""
        self._made += 1
        pem, key = self._sign(
            "localhost-%d" % self._made, SERVER, kind,
            ["-CA", str(self.file), "-CAkey", str(self.folder / "ca.key"),
             "-CAcreateserial"])
        if paths.AM_ROOT:
            shutil.chown(key, group=paths.USER)
            key.chmod(0o640)
        return pem, key

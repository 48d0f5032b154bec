"""Thunderbird without a display, driven by its own remote protocol (Marionette): what it shows of a message, and what it sends."""

import json
import mailbox
import os
import socket
import subprocess
import time

from mail_people import needs

PREFERENCES = {
    # Any free port; Thunderbird writes into its profile which one it took.
    "marionette.port": 0,
    # The local folders are the only account, so that none is asked for.
    "mail.provider.suppress_dialog_on_startup": True,
    "mailnews.start_page.enabled": False,
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.localfoldersserver": "server1",
    "mail.account.account1.server": "server1",
    "mail.server.server1.type": "none",
    "mail.server.server1.hostname": "Local Folders",
    "mail.server.server1.name": "Local Folders",
    "mail.server.server1.userName": "nobody",
    "mail.server.server1.directory-rel": "[ProfD]Mail/Local Folders",
    # Whatever wants to go out ends at a port where nobody listens.
    "network.proxy.type": 1,
    **{f"network.proxy.{kind}": "127.0.0.1" for kind in ("http", "ssl", "socks")},
    **{f"network.proxy.{kind}_port": 9 for kind in ("http", "ssl", "socks")},
    "network.proxy.socks_remote_dns": True,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}

# Around each of the scripts below, which run in Thunderbird's main window with all rights of its own code.
FRAME = """
const [given, done] = arguments;
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const certificates = Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB);
const folders = MailServices.accounts.localFoldersServer.rootFolder.QueryInterface(Ci.nsIMsgLocalMailFolder);
(async () => {%s})().then(value => done({ value }), error => done({ error: `${error}\\n${error.stack}` }));
"""

IMPORT_KEY = """
const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
file.initWithPath(given.path);
return certificates.importPKCS12File(file, given.passphrase);
"""

TRUST = """
const flags = given.trusted ? "CT,C,C" : "p,p,p";
certificates.addCertFromBase64(given.certificate, flags);
certificates.setCertTrustFromString(certificates.constructX509FromBase64(given.certificate), flags);
"""

OWN_ADDRESSES = """
return Array.from(certificates.getCerts()).filter(one => one.certType & Ci.nsIX509Cert.USER_CERT).map(one => one.emailAddress);
"""

DECRYPT = """
return String.fromCharCode(...Cc["@mozilla.org/nsCMSDecoderJS;1"].createInstance(Ci.nsICMSDecoderJS).decrypt(given.octets));
"""

# The window's own events tell too little: that of the message before can come late, and there is none where a page about an error takes
# the place of the message. Signatures are checked in the background, and the window counts those that are still under way.
SHOW = """
const inbox = folders.containsChildNamed("In") ? folders.getChildNamed("In") : folders.createLocalSubfolder("In");
const header = inbox.QueryInterface(Ci.nsIMsgLocalMailFolder).addMessage(given.message);
const pane = document.getElementById("tabmail").currentAbout3Pane;
if (pane.gFolder?.URI != inbox.URI) pane.displayFolder(inbox.URI);
const view = pane.messageBrowser.contentWindow;
view.onSMIMEStartHeaders();
pane.messagePane.displayMessage(inbox.getUriForMsg(header));
const isShown = ({ currentURI: address, webProgress }) => view.gEncryptionStatus > 0 ? address.schemeIs("data")
  : address.spec.endsWith(`number=${header.messageKey}`) && view.msgLoaded && !webProgress.isLoadingDocument
    && view.gReceivedSignatureCount >= view.gExpectedSignatureCount;
while (!isShown(view.getMessagePaneBrowser())) await new Promise(resolve => setTimeout(resolve, 10));
const icon = name => {
  const image = view.document.getElementById(name);
  return image.hidden ? null : image.getAttribute("src").match(/-(\\w+)\\.svg$/)[1];
};
const verdict = code => Object.keys(Ci.nsICMSMessageErrors).find(name => Ci.nsICMSMessageErrors[name] === code) ?? null;
return {
  encrypted: icon("encryptedHdrIcon"),
  signed: icon("signedHdrIcon"),
  encryption: verdict(view.gEncryptionStatus),
  signature: verdict(view.gSignatureStatus),
  signer: view.gSignerCert?.emailAddress ?? null,
  text: view.getMessagePaneBrowser().contentDocument?.querySelector(".moz-text-plain, .moz-text-flowed")?.textContent ?? "",
};
"""

# What the compose window does once its button is pressed, up to the folder of unsent messages ("send later").
SEND = """
const identity = MailServices.accounts.createIdentity();
identity.email = given.sender;
identity.doFcc = false;
const own = Array.from(certificates.getCerts()).find(one => one.emailAddress == given.sender);
for (const use of ["signing", "encryption"]) {
  identity.setUnicharAttribute(`${use}_cert_name`, own.displayName);
  identity.setCharAttribute(`${use}_cert_dbkey`, own.dbKey);
}
const secure = Cc["@mozilla.org/messengercompose/composesecure;1"].createInstance(Ci.nsIMsgComposeSecure);
secure.signMessage = given.sign;
secure.requireEncryptMessage = given.encrypt;
const found = await new Promise(resolve => secure.asyncFindCertByEmailAddr(given.to, {
  QueryInterface: ChromeUtils.generateQI(["nsIDoneFindCertForEmailCallback"]),
  findCertDone: (address, certificate) => resolve(certificate),
}));
if (found) secure.cacheValidCertForEmail(given.to, found.dbKey);
const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
Object.assign(fields, { from: given.sender, to: given.to, subject: given.subject, composeSecure: secure });
await new Promise((resolve, reject) => {
  const ends = code => (code ? reject(new Error(`not sent: 0x${code.toString(16)}`)) : resolve());
  const listener = {
    QueryInterface: ChromeUtils.generateQI(["nsIMsgSendListener", "nsIMsgCopyServiceListener"]),
    onStopSending: (id, code) => code && ends(code),
    onStopCopy: ends,
  };
  for (const name of ["onStartSending", "onSendProgress", "onStatus", "onGetDraftFolderURI", "onSendNotPerformed",
                      "onTransportSecurityError", "onStartCopy", "onProgress", "setMessageKey", "getMessageId"]) {
    listener[name] = () => null;
  }
  Cc["@mozilla.org/messengercompose/send;1"].createInstance(Ci.nsIMsgSend).createAndSendMessage(
    null, identity, "account1", fields, false, false, Ci.nsIMsgSend.nsMsgQueueForLater, null, "text/plain", given.text,
    null, null, listener, "", "", Ci.nsIMsgCompType.New).catch(reject);
});
return folders.getChildNamed("Unsent Messages").filePath.path;
"""


class Thunderbird:
    """One running Thunderbird with a profile of its own."""

    def __init__(self, folder):
        self.profile = folder / "profile"
        self.profile.mkdir()
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
        (self.profile / "user.js").write_text("".join(lines))
        environment = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        self.said = folder / "said"
        command = [needs("thunderbird"), "--headless", "--no-remote", "--profile", self.profile, "--marionette",
                   "--remote-allow-system-access"]
        with open(self.said, "wb") as said:
            self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            self._connect(time.monotonic() + 60)
        except BaseException:
            self.end()
            raise

    def _connect(self, until):
        port = self.profile / "MarionetteActivePort"
        while not (port.exists() and port.read_text()):
            assert self.process.poll() is None and time.monotonic() < until, self.said.read_text()
            time.sleep(0.05)
        self.socket = socket.create_connection(("127.0.0.1", int(port.read_text())), timeout=60)
        self.stream = self.socket.makefile("rb")
        self._receive()
        self._command("WebDriver:NewSession", capabilities={})
        self._command("WebDriver:SetTimeouts", script=30000)
        self._command("Marionette:SetContext", value="chrome")

    def _receive(self):
        """A length in decimal digits, a colon, and that many octets of JSON."""
        length = b""
        while (octet := self.stream.read(1)) != b":":
            assert octet, f"Thunderbird has closed the connection: {self.said.read_text()}"
            length += octet
        return json.loads(self.stream.read(int(length)))

    def _command(self, name, **parameters):
        text = json.dumps([0, 1, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self._receive()
        assert not error, error
        return result

    def _run(self, script, **given):
        answer = self._command("WebDriver:ExecuteAsyncScript", script=FRAME % script, args=[given])["value"]
        assert answer, "Thunderbird has opened a dialog instead of an answer"
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def import_key(self, path, passphrase):
        """Zero when the file was taken, as its window for certificates would."""
        return self._run(IMPORT_KEY, path=str(path), passphrase=passphrase)

    def own_addresses(self):
        return self._run(OWN_ADDRESSES)

    def trust(self, certificate, trusted=True):
        self._run(TRUST, certificate="".join(certificate.read_text().split("-----")[2].split()), trusted=trusted)

    def decrypt(self, structure):
        """What the engine alone makes of a CMS structure."""
        return self._run(DECRYPT, octets=list(structure))

    def show(self, message):
        """What its main window shows of the message: icons, verdicts (names of nsICMSMessageErrors), signer and text."""
        return self._run(SHOW, message=message)

    def send(self, sender, to, sign, encrypt, subject, text):
        """The message as it would go to the server."""
        unsent = mailbox.mbox(self._run(SEND, sender=sender, to=to, sign=sign, encrypt=encrypt, subject=subject, text=text))
        try:
            return unsent.get_bytes(len(unsent) - 1)
        finally:
            unsent.close()

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

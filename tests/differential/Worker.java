// What Java's JSSE says to chains as an HTTPS client of TLS 1.3 (worker.cpp has the form of questions and answers).
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

public class Worker {
    private static final CertificateFactory FACTORY;

    static {
        try {
            FACTORY = CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] taken = new byte[in.getInt()];
        in.get(taken);
        return taken;
    }

    private static X509Certificate read(byte[] der) throws CertificateException {
        return (X509Certificate) FACTORY.generateCertificate(new ByteArrayInputStream(der));
    }

    private static X509Certificate[] readAll(ByteBuffer in) throws CertificateException {
        X509Certificate[] chain = new X509Certificate[in.getInt()];
        CertificateException failure = null;
        for (int i = 0; i < chain.length; ++i) {
            byte[] der = bytes(in);
            try {
                chain[i] = read(der);
            } catch (CertificateException e) {
                if (failure == null) failure = e;
            }
        }
        if (failure != null) throw failure;
        return chain;
    }

    private static Set<TrustAnchor> readAnchors(ByteBuffer in) {
        Set<TrustAnchor> anchors = new HashSet<>();
        for (int left = in.getInt(); left > 0; --left) {
            byte[] der = bytes(in);
            try {
                anchors.add(new TrustAnchor(read(der), null));
            } catch (CertificateException | IllegalArgumentException e) {
                continue;  // cannot be in a store
            }
        }
        return anchors;
    }

    private static void judge(ByteBuffer in) throws Exception {
        Date at = new Date(in.getLong() * 1000);
        String name = new String(bytes(in), "ISO-8859-1");
        int place = in.position();
        for (int left = in.getInt(); left > 0; --left) bytes(in);
        Set<TrustAnchor> anchors = readAnchors(in);
        in.position(place);
        X509Certificate[] chain = readAll(in);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setDate(at);
        parameters.setRevocationEnabled(false);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        X509ExtendedTrustManager manager = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        manager.checkServerTrusted(chain, "UNKNOWN", new Client(name));
    }

    // The whole of an exception: JSSE hides why behind "PKIX path building failed".
    private static String words(Throwable e) {
        StringBuilder text = new StringBuilder();
        for (Throwable one = e; one != null && text.length() < 600; one = one.getCause())
            text.append(one.getClass().getSimpleName()).append(": ").append(one.getMessage()).append(" / ");
        return text.toString().replace('\n', ' ').replace('\r', ' ');
    }

    public static void main(String[] arguments) throws Exception {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 20));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        while (true) {
            byte[] block;
            try {
                block = new byte[in.readInt()];
            } catch (EOFException e) {
                return;
            }
            in.readFully(block);
            try {
                judge(ByteBuffer.wrap(block));
                out.print("accept\n");
            } catch (Exception e) {
                out.print("refuse " + words(e) + "\n");
            }
            out.flush();
        }
    }

    /** As much of a handshake as the trust manager looks at. */
    private static final class Session extends ExtendedSSLSession {
        private final String name;

        Session(String name) {
            this.name = name;
        }

        public String[] getLocalSupportedSignatureAlgorithms() {
            return new String[] {
                "SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA", "EdDSA", "Ed25519", "Ed448", "RSASSA-PSS", "SHA256withRSA", "SHA384withRSA",
                "SHA512withRSA", "SHA256withDSA", "SHA224withECDSA", "SHA224withRSA", "SHA224withDSA", "SHA1withECDSA", "SHA1withRSA", "SHA1withDSA"};
        }

        public String[] getPeerSupportedSignatureAlgorithms() {
            return getLocalSupportedSignatureAlgorithms();
        }

        public List<SNIServerName> getRequestedServerNames() {
            try {
                return name.contains(".") ? List.of(new SNIHostName(name)) : List.of();
            } catch (IllegalArgumentException e) {
                return List.of();
            }
        }

        public String getPeerHost() {
            return name;
        }

        public String getProtocol() {
            return "TLSv1.3";
        }

        public String getCipherSuite() {
            return "TLS_AES_256_GCM_SHA384";
        }

        public List<byte[]> getStatusResponses() {
            return List.of();
        }

        public byte[] getId() {
            return new byte[0];
        }

        public SSLSessionContext getSessionContext() {
            return null;
        }

        public long getCreationTime() {
            return 0;
        }

        public long getLastAccessedTime() {
            return 0;
        }

        public void invalidate() {}

        public boolean isValid() {
            return true;
        }

        public void putValue(String key, Object value) {}

        public Object getValue(String key) {
            return null;
        }

        public void removeValue(String key) {}

        public String[] getValueNames() {
            return new String[0];
        }

        public Certificate[] getPeerCertificates() {
            return new Certificate[0];
        }

        public Certificate[] getLocalCertificates() {
            return null;
        }

        public Principal getPeerPrincipal() {
            return null;
        }

        public Principal getLocalPrincipal() {
            return null;
        }

        public int getPeerPort() {
            return 443;
        }

        public int getPacketBufferSize() {
            return 0;
        }

        public int getApplicationBufferSize() {
            return 0;
        }
    }

    private static final class Client extends SSLEngine {
        private final Session session;
        private final SSLParameters parameters = new SSLParameters();

        Client(String name) {
            super(name, 443);
            session = new Session(name);
            if (!name.isEmpty()) parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }

        public SSLSession getHandshakeSession() {
            return session;
        }

        public SSLSession getSession() {
            return session;
        }

        public SSLParameters getSSLParameters() {
            return parameters;
        }

        public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to) {
            return null;
        }

        public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length) {
            return null;
        }

        public Runnable getDelegatedTask() {
            return null;
        }

        public void closeInbound() {}

        public boolean isInboundDone() {
            return false;
        }

        public void closeOutbound() {}

        public boolean isOutboundDone() {
            return false;
        }

        public String[] getSupportedCipherSuites() {
            return new String[0];
        }

        public String[] getEnabledCipherSuites() {
            return new String[0];
        }

        public void setEnabledCipherSuites(String[] suites) {}

        public String[] getSupportedProtocols() {
            return new String[0];
        }

        public String[] getEnabledProtocols() {
            return new String[0];
        }

        public void setEnabledProtocols(String[] protocols) {}

        public void beginHandshake() {}

        public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
            return SSLEngineResult.HandshakeStatus.NEED_TASK;
        }

        public void setUseClientMode(boolean mode) {}

        public boolean getUseClientMode() {
            return true;
        }

        public void setNeedClientAuth(boolean need) {}

        public boolean getNeedClientAuth() {
            return false;
        }

        public void setWantClientAuth(boolean want) {}

        public boolean getWantClientAuth() {
            return false;
        }

        public void setEnableSessionCreation(boolean flag) {}

        public boolean getEnableSessionCreation() {
            return true;
        }
    }
}

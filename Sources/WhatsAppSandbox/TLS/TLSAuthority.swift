import Crypto
import Foundation
import NIOSSL

/// The sandbox's own authority for TLS: clients that trust its certificate accept the sandbox's listeners.
struct TLSAuthority: Sendable {
    private static let name = "Wharf sandbox"
    private static let day: TimeInterval = 86_400

    let key: P256.Signing.PrivateKey
    /// DER.
    let certificate: [UInt8]

    init(key: P256.Signing.PrivateKey, certificate: [UInt8]) {
        self.key = key
        self.certificate = certificate
    }

    static func generate(at now: Date) throws -> TLSAuthority {
        let key = P256.Signing.PrivateKey()
        let certificate = try TLSCertificate.encode(
            .init(
                subject: name,
                subjectKey: key.publicKey,
                notBefore: now.addingTimeInterval(-day),
                notAfter: now.addingTimeInterval(3_650 * day),
                role: .authority
            ),
            issuer: name,
            signedBy: key
        )
        return TLSAuthority(key: key, certificate: certificate)
    }

    /// What clients have to trust.
    var pem: String {
        let text = Data(certificate).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n"
    }

    /// For listeners that answer to these names and addresses.
    func context(for names: [String], at now: Date) throws -> NIOSSLContext {
        let key = P256.Signing.PrivateKey()
        let leaf = try TLSCertificate.encode(
            .init(
                subject: names.first ?? Self.name,
                subjectKey: key.publicKey,
                notBefore: now.addingTimeInterval(-Self.day),
                notAfter: now.addingTimeInterval(397 * Self.day),
                role: .server(names: names)
            ),
            issuer: Self.name,
            signedBy: self.key
        )
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(try NIOSSLCertificate(bytes: leaf, format: .der)),
                .certificate(try NIOSSLCertificate(bytes: certificate, format: .der)),
            ],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))
        )
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    /// The names that every sandbox answers to: this machine's, and WhatsApp's for clients that are redirected.
    static func usualNames(host: String) -> [String] {
        var names = ["localhost", "127.0.0.1", "::1", "web.whatsapp.com", "*.whatsapp.com", "*.whatsapp.net"]
        if !["", "0.0.0.0", "::"].contains(host), !names.contains(host) { names.append(host) }
        return names
    }
}

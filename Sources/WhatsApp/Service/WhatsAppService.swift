package import NIOSSL

/// Why an address is of no use.
package enum WhatsAppServiceError: Error, Equatable {
    case invalidURL(String)
    case invalidRootKey(count: Int)
    case tls(String)
}

/// Where to connect, and whom to trust there.
package struct WhatsAppService: Sendable {
    package let host: String
    package let port: Int
    package let path: String
    /// The only key that may have signed the server's Noise certificates, 32 bytes.
    package let noiseRootKey: [UInt8]
    /// Nil for plain `ws://`, which the sandbox alone takes.
    package let tls: NIOSSLContext?

    /// The root key of the real service.
    static let productionRootKey: [UInt8] = [
        0x14, 0x23, 0x75, 0x57, 0x4d, 0x0a, 0x58, 0x71, 0x66, 0xaa, 0xe7, 0x1e, 0xbe, 0x51, 0x64, 0x37,
        0xc4, 0xa2, 0x8b, 0x73, 0xe3, 0x69, 0x5c, 0x6c, 0xe1, 0xf7, 0xf9, 0x54, 0x5d, 0xa8, 0xee, 0x6b,
    ]

    /// `wss://web.whatsapp.com/ws/chat`, with its own root key and no other.
    package static func production() throws(WhatsAppServiceError) -> WhatsAppService {
        try WhatsAppService(webSocketURL: "wss://web.whatsapp.com/ws/chat", noiseRootKey: productionRootKey)
    }

    /// A sandbox, which says of itself where it is and which key signs its certificates.
    ///
    /// `certificate` is the one (PEM) that a `wss://` address shows, which no authority has signed.
    package static func sandbox(
        webSocketURL: String,
        noiseRootKey: [UInt8],
        certificate: [UInt8]? = nil
    ) throws(WhatsAppServiceError) -> WhatsAppService {
        try WhatsAppService(webSocketURL: webSocketURL, noiseRootKey: noiseRootKey, certificate: certificate)
    }

    private init(
        webSocketURL: String,
        noiseRootKey: [UInt8],
        certificate: [UInt8]? = nil
    ) throws(WhatsAppServiceError) {
        guard noiseRootKey.count == 32 else { throw .invalidRootKey(count: noiseRootKey.count) }
        let isSecure = webSocketURL.hasPrefix("wss://")
        guard isSecure || webSocketURL.hasPrefix("ws://") else { throw .invalidURL(webSocketURL) }
        let rest = webSocketURL.dropFirst(isSecure ? 6 : 5)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var host = authority
        var port = isSecure ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let number = UInt16(authority[authority.index(after: colon)...]) else {
                throw .invalidURL(webSocketURL)
            }
            port = Int(number)
            host = authority[..<colon]
        }
        guard !host.isEmpty else { throw .invalidURL(webSocketURL) }
        self.host = String(host.filter { $0 != "[" && $0 != "]" })
        self.port = port
        path = slash == rest.endIndex ? "/ws/chat" : String(rest[slash...])
        self.noiseRootKey = noiseRootKey
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            if let certificate {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(certificate))
            }
            tls = isSecure ? try NIOSSLContext(configuration: configuration) : nil
        } catch {
            throw .tls("\(error)")
        }
    }
}

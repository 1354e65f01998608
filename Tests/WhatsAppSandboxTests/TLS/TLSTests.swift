import Crypto
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import WhatsAppSandbox

/// TLS and plain connections on the same ports, under a certificate of the sandbox's own.
@Suite(.serialized) struct TLSTests {
    /// One HTTPS request; the answer as text.
    private func get(_ path: String, port: Int, trusting pem: String, as name: String?) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
        let context = try NIOSSLContext(configuration: configuration)
        let host = name ?? "127.0.0.1"
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(30))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: name)
                    try channel.pipeline.syncOperations.addHandler(tls)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
            .executeThenClose { inbound, outbound in
                let request = "GET \(path) HTTP/1.1\r\nHost: \(host):\(port)\r\nConnection: close\r\n\r\n"
                try await outbound.write(ByteBuffer(string: request))
                var text = ""
                do {
                    for try await buffer in inbound { text += String(buffer: buffer) }
                } catch NIOSSLError.uncleanShutdown {
                    // The whole answer has come by then.
                }
                return text
            }
    }

    @Test func everyPortTakesBoth() async throws {
        try await TestSandbox.run(SandboxConfiguration(port: 0, tlsPort: 0)) { sandbox in
            let url = try sandbox.server.secureWebSocketURL
            let port = try #require(URLComponents(string: url)?.port)
            #expect(port != sandbox.port)
            #expect(url == "wss://127.0.0.1:\(port)/ws/chat")
            let description = try await sandbox.call("GET", "/sandbox")
            #expect(description.json["secureWebSocketURL"] as? String == url)
            let pem = try await sandbox.call("GET", "/sandbox/certificate").body
            #expect(try sandbox.server.tlsCertificate == pem)
            for (port, name) in [(port, "web.whatsapp.com"), (sandbox.port, "localhost"), (port, "mmg.whatsapp.net")] {
                let answer = try await get("/sandbox", port: port, trusting: pem, as: name)
                #expect(answer.hasPrefix("HTTP/1.1 200"), "\(name)")
            }
            let plain = try await RawConnection.open(port: port)
            try await plain.write("GET /sandbox HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try TestSandbox.answer(await plain.readToEnd()).status == 200)
        }
    }

    @Test func otherAuthoritiesAreNotTrusted() async throws {
        try await TestSandbox.run { sandbox in
            let other = try TLSAuthority.generate(at: Date()).pem
            await #expect(throws: (any Error).self) {
                try await get("/", port: sandbox.port, trusting: other, as: "localhost")
            }
        }
    }

    @Test func certificateHasItsNames() throws {
        let key = P256.Signing.PrivateKey()
        let names = ["sandbox.test", "10.0.0.1", "::1"]
        let contents = TLSCertificate.Contents(
            subject: "sandbox.test",
            subjectKey: key.publicKey,
            notBefore: Date(timeIntervalSince1970: 1_766_000_000),
            notAfter: Date(timeIntervalSince1970: 1_767_000_000),
            role: .server(names: names)
        )
        let bytes = try TLSCertificate.encode(contents, issuer: "test", signedBy: key)
        let certificate = try NIOSSLCertificate(bytes: bytes, format: .der)
        #expect(certificate.notValidBefore == 1_766_000_000 && certificate.notValidAfter == 1_767_000_000)
        let loopback: [UInt8] = [0x87, 16] + [UInt8](repeating: 0, count: 15) + [1]
        for name in [[0x82, 12] + Array("sandbox.test".utf8), [0x87, 4, 10, 0, 0, 1], loopback] {
            #expect(bytes.firstRange(of: name) != nil)
        }
        #expect(TLSAuthority.usualNames(host: "127.0.0.1").filter { $0 == "127.0.0.1" }.count == 1)
        #expect(TLSAuthority.usualNames(host: "sandbox").contains("sandbox"))
    }

    @Test func authorityIsInTheSnapshot() async throws {
        let path = NSTemporaryDirectory() + "sandbox-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var seen: [String] = []
        for _ in 0..<2 {
            try await TestSandbox.run(SandboxConfiguration(port: 0, snapshotPath: path), phone: nil) { sandbox in
                seen.append(try sandbox.server.tlsCertificate)
            }
        }
        #expect(seen.count == 2 && seen[0] == seen[1])
    }

    @Test func portInUseIsNamed() async throws {
        try await TestSandbox.run { sandbox in
            let taken = sandbox.port
            await #expect(throws: SandboxError.unusableTLSPort(taken, reason: "Address already in use")) {
                try await TestSandbox.run(SandboxConfiguration(port: 0, tlsPort: taken)) { _ in }
            }
        }
    }

    @Test func lengthsAndTimesAreEncoded() {
        #expect(DER.octets([UInt8](repeating: 7, count: 127)).prefix(2) == [0x04, 0x7f])
        #expect(DER.octets([UInt8](repeating: 7, count: 128)).prefix(3) == [0x04, 0x81, 0x80])
        #expect(DER.octets([UInt8](repeating: 7, count: 300)).prefix(4) == [0x04, 0x82, 0x01, 0x2c])
        #expect(DER.integer([0, 0x80]) == [0x02, 0x02, 0x00, 0x80])
        #expect(DER.integer([0, 0]) == [0x02, 0x01, 0x00])
        #expect(DER.time(Date(timeIntervalSince1970: 0)) == [0x17, 13] + Array("700101000000Z".utf8))
        #expect(DER.time(Date(timeIntervalSince1970: 2_524_608_000)) == [0x18, 15] + Array("20500101000000Z".utf8))
    }
}

import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs

@testable import WhatsAppWire

@Suite struct CertificateChainTests {
    let fixture: HandshakeFixture

    init() throws {
        fixture = try HandshakeFixture.load()
    }

    private func verify(
        _ chain: [UInt8],
        rootKey: [UInt8]? = nil,
        serverKey: [UInt8]? = nil,
        now: Date = HandshakeFixture.now
    ) throws(CertificateError) {
        try CertificateChain.verify(
            chain,
            rootKey: rootKey ?? fixture.keys.root.public.bytes,
            serverKey: serverKey ?? fixture.keys.serverStatic.public.bytes,
            now: now
        )
    }

    /// The fixture's chain after a change, encoded again.
    private func chain(_ change: (inout WACertChain) throws -> Void) throws -> [UInt8] {
        var chain = try WACertChain(serializedBytes: fixture.certificates.chain.bytes)
        try change(&chain)
        return try chain.serializedBytes()
    }

    private func made(
        leafKey: [UInt8]? = nil,
        from: TimeInterval = 0,
        until: TimeInterval = 60,
        serials: CertificateChain.Serials = .init()
    ) throws -> [UInt8] {
        var random = SeededGenerator(seed: 1)
        return CertificateChain.make(
            root: try fixture.keys.root.keyPair(),
            intermediate: try fixture.keys.intermediate.keyPair(),
            leafKey: leafKey ?? fixture.keys.serverStatic.public.bytes,
            notBefore: HandshakeFixture.now.addingTimeInterval(from),
            notAfter: HandshakeFixture.now.addingTimeInterval(until),
            serials: serials,
            using: &random
        )
    }

    @Test func genuineCertificateIsSignedByTheServicesRootKey() {
        let genuine = fixture.genuine
        #expect(
            XEdDSA.isValid(genuine.signature.bytes, for: genuine.details.bytes, publicKey: genuine.rootKey.bytes)
        )
    }

    @Test func recordedChainIsValid() throws {
        try verify(fixture.certificates.chain.bytes)
        let chain = try WACertChain(serializedBytes: fixture.certificates.chain.bytes)
        #expect(Array(chain.leaf.details) == fixture.certificates.leafDetails.bytes)
        #expect(Array(chain.intermediate.signature) == fixture.certificates.intermediateSignature.bytes)
    }

    @Test func ownChainIsValid() throws {
        try verify(made())
    }

    @Test(arguments: [[], [0], [0xff], [0x0a, 0x05, 0x01], [0x08, 0x01]] as [[UInt8]])
    func garbageIsNoChain(bytes: [UInt8]) {
        let error = #expect(throws: CertificateError.self) { try verify(bytes) }
        #expect(error == .malformed || error == .missingCertificate)
    }

    @Test func bothCertificatesAreRequired() throws {
        let withoutLeaf = try chain { $0.clearLeaf() }
        #expect(throws: CertificateError.missingCertificate) { try verify(withoutLeaf) }
        let withoutIntermediate = try chain { $0.clearIntermediate() }
        #expect(throws: CertificateError.missingCertificate) { try verify(withoutIntermediate) }
    }

    @Test func signaturesHave64Bytes() throws {
        let shortLeaf = try chain { $0.leaf.signature = $0.leaf.signature.dropLast() }
        #expect(throws: CertificateError.wrongSignatureLength) { try verify(shortLeaf) }
        let longIntermediate = try chain { $0.intermediate.signature.append(0) }
        #expect(throws: CertificateError.wrongSignatureLength) { try verify(longIntermediate) }
    }

    @Test func detailsMustBeDetails() throws {
        let broken = try chain { $0.leaf.details = Data([0x1a, 0x20]) }
        #expect(throws: CertificateError.malformed) { try verify(broken) }
    }

    @Test func intermediateMustBeSignedByTheRoot() throws {
        let altered = try chain { $0.intermediate.signature[3] ^= 1 }
        #expect(throws: CertificateError.untrustedRoot) { try verify(altered) }
        let recorded = fixture.certificates.chain.bytes
        #expect(throws: CertificateError.untrustedRoot) { try verify(recorded, rootKey: fixture.genuine.rootKey.bytes) }
        #expect(throws: CertificateError.untrustedRoot) { try verify(recorded, rootKey: []) }
    }

    @Test func intermediateIsIssuedByNumberZero() throws {
        let chain = try made(serials: .init(intermediateIssuer: 5))
        #expect(throws: CertificateError.unexpectedIssuer(5)) { try verify(chain) }
    }

    @Test(arguments: [0, 31, 33]) func leafKeyHas32Bytes(count: Int) throws {
        let chain = try made(leafKey: [UInt8](repeating: 1, count: count))
        #expect(throws: CertificateError.wrongKeyLength) { try verify(chain) }
    }

    @Test func leafMustBeSignedByTheIntermediate() throws {
        let altered = try chain { $0.leaf.signature[9] ^= 0x10 }
        #expect(throws: CertificateError.untrustedLeaf) { try verify(altered) }
        // Details of another leaf under a signature that is good for the first.
        let other = try WACertChain(serializedBytes: made(until: 3600))
        let exchanged = try chain { $0.leaf.details = other.leaf.details }
        #expect(throws: CertificateError.untrustedLeaf) { try verify(exchanged) }
    }

    @Test func leafNamesItsIssuer() throws {
        let chain = try made(serials: .init(leafIssuer: 9, intermediate: 1))
        #expect(throws: CertificateError.issuerMismatch) { try verify(chain) }
    }

    @Test func leafBelongsToTheConnectionsKey() throws {
        let recorded = fixture.certificates.chain.bytes
        #expect(throws: CertificateError.keyMismatch) {
            try verify(recorded, serverKey: fixture.keys.clientStatic.public.bytes)
        }
    }

    @Test func validityIncludesItsStartAndExcludesItsEnd() throws {
        try verify(made(from: 0, until: 1))
        let later = try made(from: 1, until: 60)
        #expect(throws: CertificateError.notYetValid) { try verify(later) }
        let over = try made(from: -60, until: 0)
        #expect(throws: CertificateError.expired) { try verify(over) }
    }

    @Test func handshakeReportsTheCertificatesError() throws {
        var responder = try fixture.responder(certificateChain: made(from: -60, until: -30))
        let initiator = try fixture.initiator()
        guard case .awaitingFinish(let hello) = try responder.receive(clientHello: initiator.clientHello()) else {
            Issue.record("XX was taken for IK")
            return
        }
        #expect(throws: NoiseError.certificate(.expired)) {
            try initiator.finish(serverHello: hello, payload: [], now: HandshakeFixture.now)
        }
    }
}

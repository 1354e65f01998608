package import Foundation
package import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppProtobufs

/// The service's proof that a Noise key is its own: a leaf certificate under an intermediate one under a root key.
package enum CertificateChain {
    /// Makes every check of the chain, in the order that the protocol gives them.
    ///
    /// `payload` is an encoded CertChain, `rootKey` the public key that must have signed the intermediate certificate, and
    /// `serverKey` the static key as the handshake gave it, which is what binds the chain to the connection.
    package static func verify(
        _ payload: [UInt8],
        rootKey: [UInt8],
        serverKey: [UInt8],
        now: Date
    ) throws(CertificateError) {
        guard let chain = try? WACertChain(serializedBytes: payload) else { throw .malformed }
        guard chain.hasLeaf, chain.hasIntermediate else { throw .missingCertificate }
        guard chain.leaf.signature.count == 64, chain.intermediate.signature.count == 64 else {
            throw .wrongSignatureLength
        }
        guard let intermediate = try? Details(serializedBytes: chain.intermediate.details),
            let leaf = try? Details(serializedBytes: chain.leaf.details)
        else { throw .malformed }

        guard chain.intermediate.isSigned(by: rootKey) else { throw .untrustedRoot }
        guard intermediate.issuerSerial == 0 else { throw .unexpectedIssuer(intermediate.issuerSerial) }
        guard intermediate.key.count == 32, leaf.key.count == 32 else { throw .wrongKeyLength }
        guard chain.leaf.isSigned(by: Array(intermediate.key)) else { throw .untrustedLeaf }
        guard leaf.issuerSerial == intermediate.serial else { throw .issuerMismatch }
        guard constantTimeEqual(leaf.key, serverKey) else { throw .keyMismatch }

        let seconds = now.timeIntervalSince1970
        for certificate in [leaf, intermediate] {
            guard Double(certificate.notBefore) <= seconds else { throw .notYetValid }
            guard seconds < Double(certificate.notAfter) else { throw .expired }
        }
    }

    /// Makes a chain, for a server of our own.
    package static func make(
        root: Curve25519KeyPair,
        intermediate: Curve25519KeyPair,
        leafKey: [UInt8],
        notBefore: Date,
        notAfter: Date,
        serials: Serials = Serials(),
        using random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        func details(_ key: [UInt8], serial: UInt32, issuer: UInt32) -> Details {
            .with {
                $0.serial = serial
                $0.issuerSerial = issuer
                $0.key = Data(key)
                $0.notBefore = UInt64(max(notBefore.timeIntervalSince1970, 0))
                $0.notAfter = UInt64(max(notAfter.timeIntervalSince1970, 0))
            }
        }
        func signed(_ details: Details, by signer: Curve25519KeyPair) -> WACertChain.NoiseCertificate {
            // A message without required fields always has a serialization.
            let bytes: [UInt8] = (try? details.serializedBytes()) ?? []
            return .with {
                $0.details = Data(bytes)
                $0.signature = Data(XEdDSA.sign(bytes, with: signer, using: &random))
            }
        }
        let chain = WACertChain.with {
            $0.leaf = signed(details(leafKey, serial: serials.leaf, issuer: serials.leafIssuer), by: intermediate)
            $0.intermediate = signed(
                details(intermediate.publicKey, serial: serials.intermediate, issuer: serials.intermediateIssuer),
                by: root
            )
        }
        return (try? chain.serializedBytes()) ?? []
    }

    /// The numbers in a chain's certificates; the defaults are right, others make a chain that is to be refused.
    package struct Serials: Sendable {
        package var leaf: UInt32
        package var leafIssuer: UInt32
        package var intermediate: UInt32
        package var intermediateIssuer: UInt32

        package init(
            leaf: UInt32 = 2,
            leafIssuer: UInt32 = 1,
            intermediate: UInt32 = 1,
            intermediateIssuer: UInt32 = 0
        ) {
            self.leaf = leaf
            self.leafIssuer = leafIssuer
            self.intermediate = intermediate
            self.intermediateIssuer = intermediateIssuer
        }
    }

    private typealias Details = WACertChain.NoiseCertificate.Details
}

extension WACertChain.NoiseCertificate {
    fileprivate func isSigned(by key: [UInt8]) -> Bool {
        XEdDSA.isValid(signature, for: Array(details), publicKey: key)
    }
}

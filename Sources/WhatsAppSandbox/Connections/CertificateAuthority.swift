import Foundation
import SignalProtocol
import WhatsAppWire

/// The sandbox's own root of trust and the server key that it vouches for.
struct CertificateAuthority: Sendable, Equatable {
    let root: Curve25519KeyPair
    let intermediate: Curve25519KeyPair
    /// The server's static Noise key.
    let leaf: Curve25519KeyPair

    static func generate(using random: inout some RandomNumberGenerator) -> CertificateAuthority {
        CertificateAuthority(
            root: .generate(using: &random),
            intermediate: .generate(using: &random),
            leaf: .generate(using: &random)
        )
    }

    /// An encoded chain, valid from a day ago for a year; perhaps with one deliberate mistake.
    func chain(at now: Date, flaw: CertificateFlaw? = nil, using random: inout some RandomNumberGenerator) -> [UInt8] {
        let day = 86_400.0
        return CertificateChain.make(
            root: flaw == .root ? .generate(using: &random) : root,
            intermediate: intermediate,
            leafKey: flaw == .leaf ? Curve25519KeyPair.generate(using: &random).publicKey : leaf.publicKey,
            notBefore: now.addingTimeInterval(flaw == .expired ? -3 * day : -day),
            notAfter: now.addingTimeInterval(flaw == .expired ? -day : 365 * day),
            serials: .init(intermediateIssuer: flaw == .issuerSerial ? 7 : 0),
            using: &random
        )
    }
}

/// A deliberate mistake in the certificate chain that the server shows.
package enum CertificateFlaw: String, Sendable, CaseIterable, Codable {
    /// The intermediate is signed by another root.
    case root
    /// The intermediate's issuer serial is not 0.
    case issuerSerial = "issuer-serial"
    case expired
    /// The leaf certifies another key than the server's static one.
    case leaf
}

internal import Crypto
package import Foundation

/// The keys that accounts need, all made from one secret that is not in the database.
package struct AccountKeys: Sendable {
    let limits: SymmetricKey
    let accessTokens: SymmetricKey
    let secondFactors: SymmetricKey
    /// Those of former secrets, which open what they once sealed.
    let formerSecondFactors: [SymmetricKey]
    /// For answers to calls with a key.
    let keptAnswers: SymmetricKey
    /// For the tokens of the web pages' forms.
    let forms: [UInt8]

    /// Takes at least 32 random bytes; processes that share a database need the same.
    ///
    /// `former` are the secrets that this one replaces.
    package init(secret: some ContiguousBytes, former: [[UInt8]] = []) {
        let base = SymmetricKey(data: secret)
        func derived(_ purpose: String, from base: SymmetricKey) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: base,
                info: Array("wharf accounts: \(purpose)".utf8),
                outputByteCount: 32
            )
        }
        limits = derived("limits", from: base)
        accessTokens = derived("access tokens", from: base)
        secondFactors = derived("second factors", from: base)
        formerSecondFactors = former.map { derived("second factors", from: SymmetricKey(data: $0)) }
        keptAnswers = derived("kept answers", from: base)
        forms = derived("forms", from: base).withUnsafeBytes { Array($0) }
    }
}

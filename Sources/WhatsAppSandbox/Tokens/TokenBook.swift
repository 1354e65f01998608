import Foundation

/// The privacy tokens that accounts have given to those who may write to them.
struct TokenBook: Sendable {
    /// Of a token's life, in seconds; it ends with the fourth such span after the one that it was issued in.
    private static let span: UInt64 = 604_800
    private static let spans: UInt64 = 4
    /// As many as are remembered; which ones make room does not matter, since tokens are issued anew.
    private static let capacity = 100_000

    struct Name: Hashable, Sendable, Codable {
        /// Numbers.
        let issuer: String
        let holder: String
    }

    struct Token: Sendable, Equatable, Codable {
        let bytes: Data
        /// Unix seconds.
        let time: UInt64
    }

    private(set) var issued: [Name: Token] = [:]

    subscript(issuer: String, for holder: String) -> Token? { issued[Name(issuer: issuer, holder: holder)] }

    mutating func issue(_ token: Token, by issuer: String, to holder: String) {
        if issued.count >= Self.capacity, let other = issued.keys.first { issued[other] = nil }
        issued[Name(issuer: issuer, holder: holder)] = token
    }

    /// Whether somebody shows a token that the other has given, and that is not too old.
    func isValid(_ bytes: some Collection<UInt8>, shownBy holder: String, to issuer: String, at time: UInt64) -> Bool {
        guard let token = self[issuer, for: holder], token.bytes.elementsEqual(bytes) else { return false }
        let first = (time / Self.span).subtractingReportingOverflow(Self.spans - 1)
        return first.overflow || token.time / Self.span >= first.partialValue
    }

    /// Whether it is time to give somebody a token, or a new one.
    func isDue(by issuer: String, for holder: String, at time: UInt64) -> Bool {
        guard let token = self[issuer, for: holder] else { return true }
        return time / Self.span > token.time / Self.span
    }

    /// Nobody has tokens of an account that is gone, and it has none.
    mutating func forget(_ number: String) {
        issued = issued.filter { $0.key.issuer != number && $0.key.holder != number }
    }
}

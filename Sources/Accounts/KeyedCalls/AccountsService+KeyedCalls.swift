internal import Crypto
internal import Foundation

/// Calls that are done once, however often they arrive with the same key within a day.
///
/// How many there are is bounded by the limit on an account's writes.
extension AccountsService {
    private static let lifetime: TimeInterval = 86_400
    /// No call takes longer; what has no answer after that was cut short.
    private static let longestCall: TimeInterval = 60

    /// The answer of an earlier call with the same key, or nil when this is the first one.
    ///
    /// Whoever gets nil has to end the call with ``finish(_:with:by:)`` or ``abandon(_:by:)``, or leave it where nobody knows
    /// whether it was done.
    package func begin(_ call: KeyedCall, by viewer: Viewer) async throws -> KeptAnswer? {
        let (account, now) = (viewer.account.id, now())
        let end = now.addingTimeInterval(Self.lifetime)
        guard try await !keyedCalls.begin(call, of: account, at: now, until: end) else { return nil }
        // Nothing there: it has been given up at this very moment.
        guard let kept = try await keyedCalls.find(call, of: account) else { throw KeyedCallError.underWay }
        guard kept.requestHash == call.requestHash else { throw KeyedCallError.otherCall }
        guard let sealed = kept.answer else {
            let isYoung = abs(now.timeIntervalSince(kept.begunAt)) < Self.longestCall
            throw isYoung ? KeyedCallError.underWay : KeyedCallError.outcomeUnknown
        }
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let bytes = try? AES.GCM.open(box, using: keys.keptAnswers, authenticating: Self.name(call, account)),
            let answer = try? JSONDecoder().decode(KeptAnswer.self, from: bytes)
        else {
            // Sealed before the master key was changed.
            throw KeyedCallError.outcomeUnknown
        }
        return answer
    }

    /// Keeps what the call was answered.
    package func finish(_ call: KeyedCall, with answer: KeptAnswer, by viewer: Viewer) async throws {
        let account = viewer.account.id
        let box = try AES.GCM.seal(
            JSONEncoder().encode(answer),
            using: keys.keptAnswers,
            authenticating: Self.name(call, account)
        )
        // Always there with the nonce of the standard length.
        try await keyedCalls.finish(call, of: account, answer: Array(box.combined ?? Data()))
    }

    /// Frees the key of a call that was refused, so that it may come again, corrected or not.
    package func abandon(_ call: KeyedCall, by viewer: Viewer) async throws {
        try await keyedCalls.forget(call, of: viewer.account.id)
    }

    private static func name(_ call: KeyedCall, _ account: AccountID) -> [UInt8] {
        Array(account.description.utf8) + call.keyHash
    }
}

import Logging
package import WhatsApp

extension SessionGenerator {
    /// How long a pairing code is valid, from the request on (pairing.md 3.3).
    private static let codeLifetime = Duration.seconds(180)
    /// Assertions have about a thousand characters.
    private static let assertionLimit = 64 * 1_024

    /// Asks the service for a pairing code; it comes as an event, and so does a refusal.
    ///
    /// One code per number at a time, in all processes together: a second one would silently spoil the first.
    package func requestCode(of id: AttemptID, phone: PhoneNumber) async throws {
        try checkReadyForCode(look(at: id))
        var hold = CodeHold(phone: phone, until: time.uptime() + Self.codeLifetime)
        // Held before the wait, so that two requests at once do not both go on.
        records[id]?.codeHold = hold
        do {
            if let wait = try await take(.pairingCode, by: phone.digits, limit: 1, within: Self.codeLifetime) {
                throw GeneratorError.codeOutstanding(retryAfter: wait)
            }
        } catch {
            records[id]?.codeHold = nil
            throw error
        }
        hold.isCounted = true
        guard let record = records[id], record.progress.takesCode, let connection = record.connection else {
            records[id]?.codeHold = nil
            await release(hold)
            throw records[id] == nil ? GeneratorError.attemptGone : GeneratorError.notReadyForCode
        }
        records[id]?.codeHold = hold
        connection.requestPairingCode(for: phone)
    }

    /// Hands over the passkey's answer, the JSON of the credential.
    package func submitPasskey(of id: AttemptID, assertion: [UInt8]) throws(GeneratorError) {
        let record = try look(at: id)
        guard case .assertion = record.progress.passkey, let connection = record.connection else {
            throw .noPasskeyRequested
        }
        guard isJSONObject(assertion, limit: Self.assertionLimit) else { throw .invalidAssertion }
        connection.submitPasskeyAssertion(assertion)
    }

    /// The person says that phone and page show the same code.
    package func confirmPasskey(of id: AttemptID) throws(GeneratorError) {
        let record = try look(at: id)
        guard case .confirmation = record.progress.passkey, let connection = record.connection else {
            throw .noPasskeyRequested
        }
        connection.confirmPasskey()
    }

    /// The number was given at the beginning; what goes wrong is told as an event.
    func requestCodeByItself(of id: AttemptID, phone: PhoneNumber) async {
        do {
            try await requestCode(of: id, phone: phone)
        } catch let error as GeneratorError {
            let problem = GeneratorEvent.Problem(
                code: error.code,
                message: error.message,
                retryAfter: error.retryAfter
            )
            guard let entry = records[id]?.progress.report(problem) else { return }
            records[id]?.tell([entry])
        } catch {
            logger.warning("A pairing code could not be asked for", metadata: ["error": "\(error)"])
        }
    }

    private func checkReadyForCode(_ record: AttemptRecord) throws(GeneratorError) {
        guard record.progress.takesCode else { throw .notReadyForCode }
        let now = time.uptime()
        if let hold = record.codeHold, hold.until > now { throw .codeOutstanding(retryAfter: hold.until - now) }
        if let earliest = record.codeNotBefore, earliest > now { throw .codeNotYet(retryAfter: earliest - now) }
    }
}

import Foundation
package import WhatsApp

extension SessionGenerator {
    /// Says what a session ID holds, and with `checkLogin` whether the service accepts it.
    ///
    /// Nothing is kept. The login is a real one that takes and sends nothing; it replaces another program that is logged in
    /// with the same credentials for a moment. Throws `GeneratorError.sessionID` for a text that is no session ID.
    package nonisolated func validate(_ text: String, checkLogin: Bool, from client: ClientAddress) async throws
        -> SessionIDReport
    {
        let limit = configuration.validationsPerHour
        if let wait = try await take(.validation, by: client.bucket, limit: limit, within: Self.hour) {
            throw GeneratorError.tooManyValidations(limit: limit, retryAfter: wait)
        }
        let imported: ImportedSessionID
        do throws(SessionIDError) {
            imported = try SessionIDCodec.decode(text)
        } catch {
            throw GeneratorError.sessionID(error)
        }
        guard var report = imported.report(at: time.date()) else {
            throw GeneratorError.sessionID(.credentials(.notLinked))
        }
        if checkLogin { report.login = try await tryLogin(imported.credentials, from: client) }
        return report
    }

    private func tryLogin(_ credentials: Credentials, from client: ClientAddress) async throws -> LoginVerdict {
        guard isAccepting else { throw GeneratorError.notRunning }
        guard loginChecks < configuration.loginChecksAtOnce else { throw GeneratorError.busy(retryAfter: .seconds(10)) }
        loginChecks += 1
        defer { loginChecks -= 1 }
        let limit = configuration.loginChecksPerHour
        if let wait = try await take(.loginCheck, by: client.bucket, limit: limit, within: Self.hour) {
            throw GeneratorError.tooManyLoginChecks(limit: limit, retryAfter: wait)
        }
        return await network.checkLogin(credentials)
    }
}

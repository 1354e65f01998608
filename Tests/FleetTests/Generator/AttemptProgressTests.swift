import Foundation
import SignalProtocol
import Testing
import WhatsApp
import WhatsAppWire

@testable import Fleet

/// The rules of an attempt, without sockets.
@Suite struct AttemptProgressTests {
    private let now = Date(timeIntervalSince1970: 1_766_000_000)

    private func progress(_ method: LinkingMethod = .qr, phone: PhoneNumber? = nil) -> AttemptProgress {
        AttemptProgress(AttemptRequest(method: method, phone: phone), expiresAt: now.addingTimeInterval(300))
    }

    private func jid() throws -> JID { try #require(JID("15550001111:3@s.whatsapp.net")) }

    @Test func logKeepsTheNewestOfEachKind() {
        var progress = progress()
        _ = progress.apply(.ready, at: now)
        for index in 0..<1_000 { _ = progress.apply(.qr(text: "\(index)", validFor: .seconds(20)), at: now) }
        let entries = progress.log.entries(after: nil)
        #expect(entries.count == 2)
        #expect(entries.last?.notice == .qr(CurrentQR(text: "999", expiresAt: now.addingTimeInterval(20))))
        #expect(entries.last?.id == 1_002)
        #expect(progress.log.entries(after: 1_001).count == 1)
        #expect(progress.log.entries(after: 1_002).isEmpty)
        #expect(progress.log.entries(after: .max).isEmpty)
    }

    @Test func numberIsAskedForOnceOnly() throws {
        let phone = try PhoneNumber.test()
        var progress = progress(.code, phone: phone)
        #expect(progress.apply(.ready, at: now).action == .requestCode(phone))
        #expect(progress.apply(.restarting, at: now).action == .none)
        #expect(progress.apply(.ready, at: now).action == .none)
    }

    @Test func numberIsNotAskedForWithAQR() throws {
        var progress = progress(.qr, phone: try .test())
        #expect(progress.apply(.ready, at: now).action == .none)
    }

    @Test func qrIsGoneWhenThePhoneAccepts() throws {
        var progress = progress()
        _ = progress.apply(.ready, at: now)
        _ = progress.apply(.qr(text: "x", validFor: .seconds(60)), at: now)
        _ = progress.apply(.linking(try jid()), at: now)
        #expect(progress.qr == nil)
        #expect(progress.log.entries(after: nil).map(\.notice.topic) == [.status, .connected])
        // What comes late does not turn it back.
        _ = progress.apply(.pairingCodeExpired, at: now)
        #expect(progress.state == .linking)
    }

    @Test func passkeyHidesTheQRUntilItsTimeIsOver() {
        var progress = progress()
        _ = progress.apply(.ready, at: now)
        _ = progress.apply(.qr(text: "1", validFor: .seconds(60)), at: now)
        let (_, action) = progress.apply(.passkeyRequested(options: Array("{}".utf8), validFor: .seconds(600)), at: now)
        #expect(action == .extend(.seconds(600)))
        #expect(progress.expiresAt == now.addingTimeInterval(600))
        #expect(progress.qr == nil)
        #expect(progress.apply(.qr(text: "2", validFor: .seconds(20)), at: now).entries.isEmpty)
        _ = progress.apply(.passkeyRefused(.timedOut), at: now)
        #expect(progress.state == .ready)
        #expect(progress.qr?.text == "2")
        #expect(progress.passkey == nil)
    }

    @Test func refusedAssertionCanBeReplaced() {
        var progress = progress()
        _ = progress.apply(.passkeyRequested(options: [], validFor: .seconds(60)), at: now)
        _ = progress.apply(.passkeyRefused(.service(code: 400, text: "")), at: now)
        #expect(progress.state == .passkey)
        #expect(progress.passkey != nil)
        #expect(progress.problem?.code == "generator.passkey_refused")
    }

    @Test func lostConnectionTakesTheCodeWithIt() {
        var progress = progress()
        _ = progress.apply(.ready, at: now)
        _ = progress.apply(.pairingCode("ABCD1234", validFor: .seconds(180)), at: now)
        #expect(progress.text == AttemptWords.enterCode)
        #expect(progress.apply(.restarting, at: now).action == .releaseCode)
        #expect(progress.pairingCode == nil)
        #expect(progress.text == AttemptWords.restartingWithCode)
    }

    @Test func nothingFollowsTheEnd() throws {
        var progress = progress()
        _ = progress.apply(.failed(.loginFailed), at: now)
        #expect(progress.state == .failed)
        #expect(progress.apply(.ready, at: now).entries.isEmpty)
        #expect(progress.apply(.linking(try jid()), at: now).entries.isEmpty)
        #expect(progress.state == .failed)
    }

    @Test func sessionIDDoesNotStayInTheLog() throws {
        var progress = progress()
        let session = ExportedSession(dialect: .bare, bytes: .init([1]))
        _ = progress.finish(with: session, jid: "j", expiresAt: now)
        #expect(progress.log.entries(after: nil).contains { $0.notice.topic == .session })
        _ = progress.expire()
        #expect(!progress.log.entries(after: nil).contains { $0.notice.topic == .session })
        #expect(progress.session == nil)
    }

    @Test(arguments: [1, 45, 90, 91, 600, 3_600])
    func waitsAreToldInWords(seconds: Int) {
        let words = Duration.seconds(seconds).inWords
        #expect(words.hasSuffix(seconds == 1 ? "second" : seconds <= 90 ? "seconds" : "minutes"))
        #expect((Duration.seconds(seconds) - .milliseconds(1)).wholeSecondsUp == seconds)
    }

    @Test func goneNamesAreBounded() {
        var finished = FinishedAttempts(limit: 3, memory: .seconds(10))
        let ids = (0..<5).map { _ in AttemptID.random() }
        for id in ids { finished.insert(id, at: .zero) }
        #expect(ids.map { finished.contains($0) } == [false, false, true, true, true])
        finished.sweep(at: .seconds(11))
        #expect(!ids.contains { finished.contains($0) })
    }
}

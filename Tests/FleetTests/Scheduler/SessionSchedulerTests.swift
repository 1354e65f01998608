import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Fleet

struct SessionSchedulerTests {
    @Test func aScannedCodeMakesASessionWork() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                let state = try await scheduler.state(of: id)
                #expect(state.jid?.hasPrefix("\(SchedulerWorld.number):") == true)
                #expect(state.isWanted)
                #expect(try await scheduler.find("one") == id)
                try await eventually { try await scheduler.log(of: id, last: 10).contains { $0.text == "Logged in." } }

                try await scheduler.stop(id)
                #expect(try await scheduler.state(of: id).status == .stopped)
                await #expect(throws: FleetError.notWorking) { try await scheduler.running(id) }
            }
        }
    }

    @Test func wantedSessionsComeBackAfterARestart() async throws {
        try await SchedulerWorld.run { world in
            var ids: [SessionID] = []
            try await world.whileScheduling { scheduler in
                ids = [try await world.link(scheduler, "one"), try await world.link(scheduler, "two")]
                try await scheduler.stop(ids[1])
            }
            let stored = try await world.database.query("SELECT id FROM sessions WHERE status <> 'STOPPED'")
            #expect(stored.isEmpty)
            let held = try await world.database.query("SELECT worker FROM session_leases WHERE worker IS NOT NULL")
            #expect(held.isEmpty)
            // Another worker, because all leases were given back.
            try await world.whileScheduling(worker: WorkerID(rawValue: 2)) { scheduler in
                try await scheduler.wait(for: .working, of: ids[0])
                #expect(try await scheduler.state(of: ids[1]).status == .stopped)
                try await scheduler.restart(ids[0])
                try await scheduler.wait(for: .working, of: ids[0])
            }
        }
    }

    @Test func aDatabaseThatIsAwayAtTheStartOrInBetweenIsWaitedFor() async throws {
        try await SchedulerWorld.run { world in
            var linked: SessionID?
            try await world.whileScheduling { scheduler in linked = try await world.link(scheduler) }
            let id = try #require(linked)
            try await world.test.lose()
            let log = RecordedLog()
            try await world.whileScheduling(logger: log.logger) { scheduler in
                try await eventually { log.lines.contains { $0.message == "Sessions cannot be loaded yet" } }
                try await world.test.bringBack()
                try await scheduler.wait(for: .working, of: id)

                try await world.test.lose()
                // It is received while nothing can be stored.
                try await world.sandbox.createPhone(NewPhone(number: "15550002222", name: "Bob"))
                try await world.sandbox.act(.text("hello"), at: "15550002222", in: SchedulerWorld.number)
                try await eventually { try await scheduler.counters(of: id)?.received ?? 0 > 0 }
                try await world.test.bringBack()
                try await eventually { (try? await world.count("messages")) == 1 }
                try await scheduler.wait(for: .working, of: id)
            }
        }
    }

    @Test func aDeviceThatThePhoneRemovedFailsAndLosesItsKeys() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                try await world.sandbox.unlink(of: SchedulerWorld.number)
                try await scheduler.wait(for: .failed, of: id)
                let state = try await scheduler.state(of: id)
                #expect(state.reason == "logged_out")
                #expect(!state.isWanted)
                #expect(try await world.count("session_credentials") == 0)
                #expect(try await world.count("session_records") == 0)
                try await eventually {
                    let row = try await world.database.queryOne("SELECT status, is_wanted FROM sessions")
                    return try row?.decode("status") == "FAILED" && row?.decode("is_wanted") == false
                }
                // It may be linked anew.
                let notices = try await scheduler.notices(of: id)
                try await scheduler.start(id)
                for await notice in notices {
                    if case .qr = notice.kind { break }
                }
                #expect(try await scheduler.state(of: id).status == .scanQRCode)
            }
        }
    }

    @Test func loggingOutUnlinksAndWipes() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                #expect(try await world.sandbox.devices(of: SchedulerWorld.number).count == 1)
                try await scheduler.logOut(id)
                let state = try await scheduler.state(of: id)
                #expect(state.status == .stopped)
                #expect(state.reason == "logged_out")
                #expect(try await world.sandbox.devices(of: SchedulerWorld.number).isEmpty)
                #expect(try await world.count("session_credentials") == 0)
            }
        }
    }

    @Test func aDeletedSessionLeavesNothing() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                try await scheduler.delete(id)
                for table in ["sessions", "session_keys", "session_records", "messages", "session_log"] {
                    #expect(try await world.count(table) == 0, "\(table)")
                }
                await #expect(throws: FleetError.unknownSession) { try await scheduler.state(of: id) }
                _ = try await scheduler.create("one")
            }
        }
    }

    @Test func aSessionThatSomebodyElseTookIsLetGo() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                try await world.database.execute("INSERT INTO workers VALUES (9, now() + interval '1 hour')")
                try await world.database.execute("UPDATE session_leases SET epoch = epoch + 1, worker = 9")
                try await scheduler.wait(for: .stopped, of: id)
                #expect(try await scheduler.state(of: id).reason == "lease_lost")
            }
        }
    }

    @Test func anExportedSessionIsImportedUnderAnotherName() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                let text = try await scheduler.exportSession(id, as: .tildeGzip).reveal()
                try await scheduler.stop(id)
                let copy = try await scheduler.importSession(text, as: "copy")
                try await scheduler.start(copy)
                try await scheduler.wait(for: .working, of: copy)
                await #expect(throws: FleetError.nameTaken("copy")) {
                    try await scheduler.importSession(text, as: "copy")
                }
                await #expect(throws: FleetError.invalidName) { try await scheduler.importSession(text, as: "a b") }
            }
        }
    }

    @Test func aSessionFolderIsMovedWithItsRatchets() async throws {
        try await SchedulerWorld.run { world in
            try await world.whileScheduling { scheduler in
                let id = try await world.link(scheduler)
                await #expect(throws: FleetError.running) { try await scheduler.exportFolder(id) }
                // The phone writes to its new device, which begins the first Signal session.
                let ratchets: SQL = "SELECT FROM session_records WHERE kind = \(RecordKind.signalSession.rawValue)"
                try await eventually { try await !world.database.query(ratchets).isEmpty }
                try await scheduler.stop(id)
                let files = try await scheduler.exportFolder(id)
                #expect(files.contains { $0.name.hasPrefix("session-") })
                let text = try SessionIDCodec.encode(folder: files).reveal()
                let copy = try await scheduler.importSession(text, as: "copy")
                let again = try await scheduler.exportFolder(copy)
                #expect(again.map(\.name).sorted() == files.map(\.name).sorted())
                try await scheduler.replace(id, with: text)
                #expect(try await scheduler.exportFolder(id).count == files.count)
                try await scheduler.start(copy)
                try await scheduler.wait(for: .working, of: copy)
            }
        }
    }

    @Test func theEchoAnswersOtherSessions() async throws {
        try await SchedulerWorld.run { world in
            try await world.sandbox.createPhone(NewPhone(number: "15550002222", name: "Bob"))
            try await world.whileScheduling(listeners: [EchoListener()]) { scheduler in
                let ada = try await world.link(scheduler, "ada")
                let bob = try await world.link(scheduler, "bob", with: "15550002222")
                let to = try #require(JID("15550002222@s.whatsapp.net"))
                var message = WAMessage()
                message.conversation = "hello"
                _ = try await scheduler.send(message, on: ada, to: to)
                // Two sent by Ada's and Bob's side, one of them the echo, and each heard by the other.
                try await eventually {
                    let first = try await scheduler.counters(of: ada)
                    let second = try await scheduler.counters(of: bob)
                    return first?.received ?? 0 >= 1 && second?.received ?? 0 >= 1 && second?.sent == 1
                }
                #expect(try await scheduler.state(of: bob).health == 100)
            }
        }
    }
}

extension SchedulerWorld {
    func count(_ table: String) async throws -> Int {
        let name = try #require(DatabaseName(table))
        return try #require(try await database.queryOne("SELECT count(*) AS count FROM \(name)")).decode("count")
    }
}

import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp

@testable import Fleet

struct SessionLogTests {
    @Test func theLastThousandLinesStay() async throws {
        try await withTestDatabase { database in
            let world = try await StoreWorld(database)
            let (one, two) = (try await world.makeSession("one"), try await world.makeSession("two"))
            let log = SessionLog(database: database)
            for number in 0..<1_300 {
                log.write(SessionLogLine(at: Date(), level: .info, text: "\(number)"), of: one)
                if number % 130 == 0 {
                    log.write(SessionLogLine(at: Date(), level: .error, text: "two \(number)"), of: two)
                    try await log.flush()
                }
            }
            try await log.flush()
            let lines = try await log.lines(of: one, last: 2_000)
            #expect(lines.count == 1_000)
            #expect(lines.map(\.text) == (300..<1_300).map { "\($0)" })
            #expect(try await log.lines(of: two, last: 2).map(\.text) == ["two 1040", "two 1170"])
        }
    }

    @Test func aFloodOfOneSessionIsCutShort() async throws {
        try await withTestDatabase { database in
            let world = try await StoreWorld(database)
            let one = try await world.makeSession("one")
            let log = SessionLog(database: database)
            for number in 0..<5_000 {
                log.write(SessionLogLine(at: Date(), level: .info, text: "\(number)"), of: one)
            }
            try await log.flush()
            #expect(try await log.lines(of: one, last: 1_000).count == 200)
        }
    }
}

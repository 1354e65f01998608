import Foundation
import Testing
import WhatsAppWire

@testable import WhatsApp

struct SendingLinesTests {
    private let phone = JID(user: "15550002222", server: .user)
    private let lid = JID(user: "200000000000002", server: .lid)
    private let other = JID(user: "15550003333", server: .user)
    private var lines = SendingLines()

    @Test mutating func oneAfterTheOther() {
        let first = lines.takePlace(phone, isUnresolved: false)
        let second = lines.takePlace(phone, isUnresolved: false)
        let elsewhere = lines.takePlace(other, isUnresolved: false)
        #expect(lines.isTurn(first, isNew: false) && lines.isTurn(elsewhere, isNew: false))
        #expect(!lines.isTurn(second, isNew: false))
        #expect(lines.waitingCount == 1)
        let next = lines.leave(first)
        #expect(next == second)
        #expect(lines.isTurn(second, isNew: false))
        let rest = [second, elsewhere].compactMap { lines.leave($0) }
        #expect(rest.isEmpty)
        #expect(lines.isEmpty && lines.waitingCount == 0 && !lines.isOccupied(phone))
    }

    @Test mutating func twoNamesOfOnePersonAreOneLine() {
        let places = [phone, lid, phone, lid].map { lines.takePlace($0, isUnresolved: false) }
        #expect(lines.isTurn(places[1], isNew: false))
        let united = [lines.unite(phone, lid), lines.unite(lid, phone)]
        #expect(united == [true, false])
        #expect(!lines.isTurn(places[1], isNew: false))
        #expect(lines.isOccupied(phone) && lines.isOccupied(lid))
        for (place, next) in zip(places, places.dropFirst()) {
            #expect(lines.isTurn(place, isNew: false))
            let first = lines.leave(place)
            #expect(first == next)
        }
        let late = lines.takePlace(lid, isUnresolved: false)
        let last = lines.leave(places[3])
        #expect(last == late)
        _ = lines.leave(late)
        #expect(lines.isEmpty && !lines.isOccupied(phone) && !lines.isOccupied(lid))
    }

    @Test mutating func aNameThatNobodyHasUsedJoinsTheLine() {
        let first = lines.takePlace(phone, isUnresolved: false)
        _ = lines.unite(lid, phone)
        let second = lines.takePlace(lid, isUnresolved: false)
        #expect(!lines.isTurn(second, isNew: false))
        let next = lines.leave(first)
        #expect(next == second)
        let united = lines.unite(other, JID(user: "3", server: .lid))
        #expect(!united)
    }

    @Test mutating func whoeverIsLookedForIsNotOvertakenByTheOtherName() {
        let before = lines.takePlace(lid, isUnresolved: false)
        #expect(lines.isTurn(before, isNew: true))
        _ = lines.leave(before)
        let asked = lines.takePlace(phone, isUnresolved: true)
        let after = lines.takePlace(lid, isUnresolved: false)
        #expect(lines.isTurn(asked, isNew: false))
        #expect(!lines.isTurn(after, isNew: true))
        let resolved = [lines.resolve(asked), lines.resolve(asked)]
        #expect(resolved == [true, false])
        #expect(lines.isTurn(after, isNew: true))
    }

    @Test func resendsInAGroupAreFewAtATime() {
        var retries = RetryState()
        let group = JID(user: "1", server: .group)
        let allowed = (0..<1_000).count { _ in retries.mayResend(in: group, at: .distantPast) }
        #expect(allowed == Int(RetryState.resendBurst))
        let others = [
            retries.mayResend(in: group, at: .distantPast),
            retries.mayResend(in: JID(user: "2", server: .group), at: .distantPast),
            retries.mayResend(in: group, at: .distantPast + 1),
        ]
        #expect(others == [false, true, true])
    }
}

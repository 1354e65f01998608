import Foundation
import Testing
import WhatsAppCrypto
import WhatsAppWire

@testable import WhatsApp

struct AppStateSyncTests {
    private static let key = AppStateKeyID(device: 0, epoch: 1)
    private static let moment = Date(timeIntervalSince1970: 1_700_000_000)

    @Test func whatIsWantedComesOnceInTheOrderOfItsImportance() {
        var sync = AppStateSync()
        sync.want([.regularLow, .criticalBlock, .regular, .regularLow])
        let result1 = sync.takeWanted()
        #expect(result1 == [.criticalBlock, .regular, .regularLow])
        let result2 = sync.takeWanted()
        #expect(result2.isEmpty)
        #expect(sync.stillWanted.isEmpty)
    }

    @Test func aCollectionWaitsForItsKeyAndForNothingElse() {
        var sync = AppStateSync()
        let other = AppStateKeyID(device: 0, epoch: 2)
        let result3 = sync.failed(.regular, .missingKeys([Self.key]))
        #expect(result3 == .waitForKeys([Self.key]))
        sync.want([.regular, .regularHigh])
        let result4 = sync.takeWanted()
        #expect(result4 == [.regularHigh])
        #expect(sync.stillWanted == [.regular])
        let result5 = sync.unblock([other])
        #expect(result5.isEmpty)
        let result6 = sync.unblock([Self.key, other])
        #expect(result6 == [.regular])
        sync.want([.regular])
        let result7 = sync.takeWanted()
        #expect(result7 == [.regular])
        #expect(sync.stillWanted.isEmpty)
    }

    @Test func aNewConnectionTriesEverythingAgain() {
        var sync = AppStateSync()
        _ = sync.failed(.regular, .missingKeys([Self.key]))
        sync.want([.regular])
        let result8 = sync.takeWanted()
        #expect(result8.isEmpty)
        sync.postpone([.regularLow])
        sync.clearBlocks()
        let result9 = sync.takeWanted()
        #expect(result9 == [.regular, .regularLow])
    }

    @Test func aKeyIsAskedForOnceADay() {
        var sync = AppStateSync()
        let result10 = sync.request([Self.key], at: Self.moment)
        #expect(result10 == [Self.key])
        let result11 = sync.request([Self.key], at: Self.moment.addingTimeInterval(80_000))
        #expect(result11.isEmpty)
        let result12 = sync.request([Self.key], at: Self.moment.addingTimeInterval(86_400))
        #expect(result12 == [Self.key])
        sync.forgetRequests(of: [Self.key])
        let result13 = sync.request([Self.key], at: Self.moment.addingTimeInterval(86_401))
        #expect(result13 == [Self.key])
    }

    @Test func failuresEscalateAndSuccessForgetsThem() {
        var sync = AppStateSync()
        let result14 = sync.failed(.regular, .badPatchMAC)
        #expect(result14 == .startOver)
        #expect(!sync.startsUnchecked(.regular))
        let result15 = sync.failed(.regular, .badSnapshotMAC)
        #expect(result15 == .startOverUnchecked)
        #expect(sync.startsUnchecked(.regular))
        let result16 = sync.failed(.regular, .malformed("x"))
        #expect(result16 == .giveUp)
        let result17 = sync.failed(.regularLow, .badPatchMAC)
        #expect(result17 == .startOver)
        sync.succeeded(.regular)
        #expect(!sync.startsUnchecked(.regular))
        let result18 = sync.failed(.regular, .gap(stored: 1, received: 3))
        #expect(result18 == .startOver)
    }

    @Test func thePhonesCopyIsTakenOnlyWhenItWasAskedFor() {
        var sync = AppStateSync()
        #expect(!sync.takesRecovery(.regular))
        let result19 = sync.askForRecovery(.regular, at: Self.moment)
        #expect(result19)
        let result20 = sync.askForRecovery(.regular, at: Self.moment.addingTimeInterval(100))
        #expect(!result20)
        #expect(sync.takesRecovery(.regular) && !sync.takesRecovery(.regularLow))
        sync.forgetRecovery(of: .regular)
        #expect(!sync.takesRecovery(.regular))
    }

    @Test func aKnownCollectionKeepsItsStoredForm() throws {
        var hash = LTHash()
        hash.add([1, 2, 3])
        for checks in [AppStateChecks.all, .recordsOnly] {
            let known = KnownCollection(version: AppStateVersion(number: 7, hash: hash), checks: checks)
            #expect(KnownCollection(serialized: known.serialized) == known)
            #expect(KnownCollection(serialized: known.serialized.dropLast()) == nil)
        }
        #expect(KnownCollection(serialized: []) == nil)
        #expect(AppStateKeyID(recordName: Self.key.recordName) == Self.key)
        #expect(AppStateKeyID(recordName: "xyz") == nil && AppStateKeyID(recordName: "") == nil)
    }

    @Test func ofTwoChangesOfOneIndexTheNewerCounts() {
        let chat = JID(user: "15550001111", server: .user)
        let new = AppStateAction.mute(chat: chat, until: .distantFuture).mutations(at: Self.moment)
        let old = AppStateAction.mute(chat: chat, until: nil).mutations(at: Self.moment.addingTimeInterval(-60))
        #expect(AppStateChange.counting(new + old).count == 1)
        #expect(AppStateChange.counting(old + new).count == 2)
    }
}

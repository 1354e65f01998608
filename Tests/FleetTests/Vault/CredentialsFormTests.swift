import Foundation
import SignalProtocol
import Testing
import WhatsApp
import WhatsAppWire

@testable import Fleet

struct CredentialsFormTests {
    static func full() throws -> Credentials {
        var random = SystemRandomNumberGenerator()
        var credentials = Credentials.generate(using: &random)
        var account = Credentials.LinkedAccount(
            jid: try #require(JID("15550001111:7@s.whatsapp.net")),
            lid: JID("1234567:7@lid"),
            identity: Credentials.SignedDeviceIdentity(
                details: [1, 2],
                accountSignatureKey: [UInt8](repeating: 3, count: 32),
                accountSignature: [UInt8](repeating: 4, count: 64),
                deviceSignature: [UInt8](repeating: 5, count: 64)
            )
        )
        account.platform = "android"
        account.pushName = "Ada"
        account.businessName = "Ada Ltd"
        credentials.account = account
        credentials.nextPreKeyID = 813
        credentials.firstUnuploadedPreKeyID = 812
        credentials.serverHasPreKeys = true
        credentials.loginCount = -4
        credentials.accountSyncCounter = 3
        credentials.routingInfo = [9, 8]
        credentials.isLIDMigrated = true
        return credentials
    }

    @Test func everyFieldIsKept() throws {
        let full = try Self.full()
        #expect(try CredentialsForm.decode(CredentialsForm.encode(full)) == full)
        // A field that is added there must be added to the form.
        #expect(Mirror(reflecting: full).children.count == 13)
        #expect(Mirror(reflecting: try #require(full.account)).children.count == 6)
        var random = SystemRandomNumberGenerator()
        let bare = Credentials.generate(using: &random)
        #expect(try CredentialsForm.decode(CredentialsForm.encode(bare)) == bare)
    }

    @Test func brokenFormsAreRefused() throws {
        let form = CredentialsForm.encode(try Self.full())
        for length in 0..<form.count {
            #expect(throws: SealBroken.self) { try CredentialsForm.decode(Array(form.prefix(length))) }
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var broken = form
            broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            _ = try? CredentialsForm.decode(broken)
        }
    }

    @Test func aSealOpensInItsPlaceAlone() throws {
        let session = SessionID()
        let key = DataKey.random()
        let place = SealedPlace.message(of: session, chat: "ab", id: "c", sender: "d")
        let sealed = key.seal([1, 2, 3], in: place)
        #expect(try key.open(sealed, in: place) == [1, 2, 3])
        #expect(sealed.count == 3 + DataKey.overhead)
        let elsewhere = SealedPlace.message(of: session, chat: "a", id: "bc", sender: "d")
        #expect(throws: SealBroken.self) { try key.open(sealed, in: elsewhere) }
        #expect(throws: SealBroken.self) { try DataKey.random().open(sealed, in: place) }
        for index in sealed.indices {
            var broken = sealed
            broken[index] ^= 1
            #expect(throws: SealBroken.self) { try key.open(broken, in: place) }
        }
    }

    @Test func aKeyIsUnwrappedWithItsMasterKeyAlone() throws {
        let session = SessionID()
        let (master, other) = (try MasterKey.test(), try MasterKey.test(8))
        #expect(master.id != other.id)
        let key = DataKey.random()
        let wrapped = key.wrapped(with: master.key, in: .key(of: session))
        #expect(wrapped.count == 60)
        let place = SealedPlace.credentials(of: session)
        let unwrapped = try DataKey.unwrap(wrapped, with: master.key, in: .key(of: session))
        #expect(try unwrapped.open(key.seal([1], in: place), in: place) == [1])
        #expect(throws: SealBroken.self) { try DataKey.unwrap(wrapped, with: other.key, in: .key(of: session)) }
        #expect(throws: SealBroken.self) { try DataKey.unwrap(wrapped, with: master.key, in: .key(of: SessionID())) }
    }

    @Test func aMasterKeyIsMadeOnceAndForItsOwnerOnly() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try MasterKey.loadOrCreate(inFolder: folder)
        #expect(try MasterKey.loadOrCreate(inFolder: folder).id == first.id)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(MasterKey.fileName)")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try WorkerID.loadOrCreate(inFolder: folder) == WorkerID.loadOrCreate(inFolder: folder))
    }
}

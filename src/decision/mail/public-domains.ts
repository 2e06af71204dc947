/**
 * Domains that give addresses to everybody: never matched by domain (IEP-10). The large free providers of the world and
 * of German- and Spanish-speaking countries, from their own sign-up pages. Knows nothing of mail.
 */
const DOMAINS = `
gmail.com googlemail.com outlook.com outlook.de outlook.es outlook.fr outlook.at hotmail.com hotmail.de hotmail.es
hotmail.fr hotmail.it hotmail.co.uk live.com live.de live.fr live.it live.nl live.co.uk msn.com passport.com
icloud.com me.com mac.com privaterelay.appleid.com
yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it yahoo.co.uk yahoo.ca yahoo.com.mx yahoo.com.ar yahoo.com.br yahoo.co.in
yahoo.co.jp ymail.com rocketmail.com aol.com aol.de aim.com verizon.net att.net sbcglobal.net bellsouth.net comcast.net
cox.net charter.net earthlink.net
gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.es gmx.org web.de t-online.de freenet.de arcor.de 1und1.de online.de mail.de
email.de posteo.de posteo.net mailbox.org tutanota.com tutanota.de tuta.io tuta.com kabelmail.de vodafone.de vodafonemail.de
o2online.de magenta.de a1.net aon.at chello.at bluewin.ch hispeed.ch sunrise.ch
proton.me protonmail.com protonmail.ch pm.me fastmail.com fastmail.fm hey.com zoho.com zohomail.com zohomail.eu mail.com
email.com inbox.com hushmail.com runbox.com startmail.com disroot.org riseup.net
mail.ru bk.ru list.ru inbox.ru yandex.com yandex.ru ya.ru rambler.ru
orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr libero.it virgilio.it alice.it tiscali.it tin.it
terra.es telefonica.net movistar.es ono.com uol.com.br bol.com.br terra.com.br ig.com.br prodigy.net.mx
btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk
ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl telenet.be skynet.be proximus.be
wp.pl onet.pl o2.pl interia.pl seznam.cz centrum.cz email.cz freemail.hu citromail.hu abv.bg
qq.com 163.com 126.com sina.com sina.cn sohu.com foxmail.com aliyun.com naver.com daum.net hanmail.net rediffmail.com
shaw.ca rogers.com sympatico.ca telus.net bigpond.com optusnet.com.au xtra.co.nz
mailinator.com guerrillamail.com 10minutemail.com yopmail.com temp-mail.org trashmail.com trash-mail.com
`;

const PUBLIC_DOMAINS: ReadonlySet<string> = new Set(DOMAINS.trim().split(/\s+/u));

export function isPublicDomain(domain: string): boolean {
  return PUBLIC_DOMAINS.has(domain.toLowerCase());
}

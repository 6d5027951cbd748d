"""What sites say where an article should be: that it is gone, that they want consent, a human, patience or money.

Each kind has two lists of cues: what such a page is headed by, and what it says to its reader ("go to our home page",
"accept all", "try again later"). One of each makes a notice; articles about such things have at most the first.
Languages: ar cs da de en es fi fr it ja ko nb nl pl pt ru sv tr uk zh, as far as each kind has been met in them.
"""

# ruff: noqa: RUF001, E501 - the notices are in the languages of the outlets; a line for each

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.model import Verdict


@dataclass(frozen=True, slots=True)
class Kind:
    """The cues of one kind of notice."""

    verdict: Verdict
    heading: re.Pattern[str]  # in the title of the window, the headline or a heading
    text: re.Pattern[str]  # in what the page says


def _any(*cues: str) -> re.Pattern[str]:
    return re.compile("|".join(cues), re.IGNORECASE)


GONE = Kind(
    Verdict.GONE,
    _any(
        r"^\W*(?:error|fehler|erreur|błąd|ошибка|fout|hata|erro|errore|fel|feil|fejl|virhe|chyba|помилка)?\W*(?:404|410)\b|\b(?:404|410)\W*(?:error|not found|$)|^oops|^ops!|^oups|^hoppla",
        r"(?:page|article|story|content|link|file|document)\b.{0,30}\b(?:not (?:be )?found|no longer (?:exists|available|here)|(?:does|do)(?:n.t| not) exist|unavailable|(?:been|was) (?:removed|deleted|moved|withdrawn|taken down)|missing)|(?:can.?t|cannot|could ?n.t|unable to) find (?:that|this|the)|nothing (?:to see|was found) here",
        r"(?:seite|artikel|beitrag|inhalt|meldung)\b.{0,40}\b(?:nicht (?:gefunden|verfügbar|mehr|auffindbar)|gibt es (?:leider )?nicht|existiert|gelöscht|entfernt)",
        r"(?:page|article|contenu)\b.{0,30}(?:introuvable|non trouvée?|n.existe (?:pas|plus)|plus disponible|supprimée?)|page introuvable",
        r"(?:página|artículo|noticia|contenido)\b.{0,30}\b(?:no (?:existe|encontrad[oa]|está disponible|se ha encontrado|se encuentra)|ya no (?:existe|está))|contenido no disponible|no (?:hemos encontrado|se encuentra|encontramos|pudimos encontrar)",
        r"(?:pagina|articolo|contenuto)\b.{0,30}\b(?:non (?:trovat[ao]|esiste|disponibile|più)|rimoss[oa])",
        r"(?:página|artigo|notícia|conteúdo)\b.{0,30}\b(?:não (?:encontrad[ao]|existe|está)|já não|removid[ao])|não encontr(?:amos|ada|ado)",
        r"(?:pagina|artikel|bericht)\b.{0,30}\b(?:niet (?:gevonden|meer|beschikbaar)|bestaat niet|verwijderd)",
        r"(?:sayfa|haber|içerik)\b.{0,30}(?:bulunamadı|mevcut değil|yayında değil|kaldırıl)",
        r"(?:страниц|стать|материал|новост)\w*.{0,30}(?:не найден|не существует|недоступн|удал[её]н)|страницы не существует",
        r"(?:сторінк|статт|матеріал)\w*.{0,30}(?:не знайден|не існує|недоступн|видален)",
        r"(?:stron|artykuł|treść)\w*.{0,30}(?:nie (?:istnieje|jest|została|znaleziono)|usunięt)|nie (?:znaleziono|możemy znaleźć)",
        r"(?:stránk|článek)\w*.{0,30}(?:nenalezen|neexistuj|nebyl)|(?:sidan|artikeln|siden|artikkelen|artiklen)\b.{0,30}(?:finns inte|kunde inte|hittades inte|finnes ikke|ble ikke funnet|blev ikke fundet|eksisterer ikke)|sivua ei (?:löyty|ole)",
        r"(?:الصفحة|الخبر|المقال).{0,40}(?:غير موجود|لم يعد|لا يمكن العثور)|(?:ページ|記事).{0,20}(?:見つかりません|終了|削除|ありません)|(?:页面|頁面|文章).{0,12}(?:不存在|找不到|已?(?:被)?删除|已下线)|找不到(?:页面|頁面)|(?:페이지|기사)\S*.{0,12}(?:찾을 수 없|없습니다|삭제)|पृष्ठ नहीं मिला",
    ),
    _any(
        r"home ?page|front page|start again|try (?:the |our )?search|search (?:above|box|again)|out of date|taken down|expired|withdrawn|(?:been|was) (?:removed|moved|deleted)|check the (?:address|url|link)|mistyped|^sorry",
        r"startseite|(?:nutzen|versuchen|probieren) sie.{0,30}suche|suchfunktion|gelöscht|neue adresse|nicht mehr verfügbar|verschoben|entfernt",
        r"accueil|recherche|supprimé|déplacé|retiré",
        r"portada|inicio\b|buscador|eliminad|dirección",
        r"home page|prima pagina|ricerca|rimoss|spostat",
        r"página inicial|capa\b|removid|endereço|pesquisa",
        r"voorpagina|zoekfunctie|verwijderd|verplaatst|ingetrokken|homepage",
        r"ana sayfa|kaldırıl|adres|arama",
        r"главн(?:ую|ой|ая)|поиск|удал[её]н|перемещ|недоступн|головн(?:у|ої)|пошук",
        r"stron[aęy] główn|wyszukiwar|usunięt|przeniesion|wycofan",
        r"hlavní stran|vyhledáv|startsid|förstasid|forside|søk|søg|etusivu|haku",
        r"الصفحة الرئيسية|البحث|حذف|إزالة|トップページ|削除|終了|検索|首页|首頁|搜索|메인|홈|검색",
    ),
)

CONSENT = Kind(
    Verdict.CONSENT,
    _any(
        r"before you (?:continue|read|go)|consent|privacy (?:choices|settings|gate|notice|matters|center)|your (?:privacy|choice|cookie)|value your privacy|cookie (?:consent|settings|policy|preferences|choices|notice)",
        r"bevor sie|zustimm|datenschutz|privatsphäre|einwilligung|mit werbung|cookies? (?:akzeptieren|einstellungen)",
        r"avant de continuer|vie privée|consentement|cookies|accéder à ce contenu|votre choix",
        r"antes de (?:continuar|seguir)|privacidad|para seguir|configuración de cookies|consentimiento",
        r"prima di continuare|privacy|consenso|scegli come|informativa",
        r"privacidade|consentimento|antes de continuar",
        r"voordat (?:je|u)|privacy|toestemming|cookie",
        r"gizlili|çerez|devam etmeden",
        r"конфиденциальност|согласие|прежде чем|куки|cookie|конфіденційн|згода",
        r"prywatnoś|zgoda|zanim|ciasteczk|soukrom|souhlas|integritet|samtycke|samtykke|personvern|evästee|yksityisyy",
        r"プライバシー|クッキー|同意|الخصوصية|ملفات تعريف|موافق|隐私|隱私|개인정보|쿠키",
    ),
    _any(
        r"\b(?:we|our|us|you|your)\b.{0,80}\bcookies|\bcookies\b.{0,80}\b(?:your|you|our|we)\b|accept (?:all|and continue)|reject all|(?:our|\d+) partners (?:store|use|process)",
        r"\b(?:wir|unsere?|ihrer?|ihnen|sie)\b.{0,60}\bcookies|\bcookies\b.{0,60}\b(?:sie|wir|unsere?)\b|alle (?:cookies )?akzeptieren|mit ihrer zustimmung|pur-abo|einstellungen (?:verwalten|anpassen)",
        r"(?:tout accepter|accepter et continuer|continuer sans accepter|acceptez|utilis(?:ons|ent) des cookies|dépôt de cookies|refuser)",
        r"acept(?:ar|e|a)\b.{0,30}(?:todo|cookies|continuar)|usamos cookies|utilizamos cookies|rechazar|configurar",
        r"accett\w+.{0,30}(?:cookie|tutto|continua)|utilizziamo.{0,20}cookie|rifiuta",
        r"aceit\w+.{0,30}(?:cookies|tudo)|usamos cookies|utilizamos cookies",
        r"(?:plaatsen|gebruiken|accepteer|accepteren|toestemming)\b.{0,40}cookies|cookies.{0,40}(?:accepteren|akkoord)|alles accepteren|akkoord",
        r"çerez.{0,60}(?:kullan|kabul)|tümünü kabul",
        r"(?:использу\w+|принима\w+|соглас\w+|використову\w+|прийня\w+).{0,50}(?:cookie|куки)|принять все|прийняти всі",
        r"(?:pliki cookie|ciastecz\w+).{0,80}|akceptuj|přijm\w+|(?:accepter|godta|acceptera|hyväksy)\w*.{0,40}(?:cookies|alle|informasjonskapsler|kakor|kaikki|evästee)",
        r"クッキー.{0,20}使用|同意する|ملفات تعريف الارتباط|قبول الكل|接受(?:所有)?|同意并|동의|쿠키를",
    ),
)

BLOCKED = Kind(
    Verdict.BLOCKED,
    _any(
        r"just a moment|attention required|access (?:to this page )?(?:has been )?(?:denied|blocked|restricted)|pardon our interruption|verify(?:ing)? (?:that )?you are (?:a )?human|(?:are you|you are not|not) a (?:robot|human|bot)|security (?:check|verification)|ddos.guard|checking your browser|robot or human|human verification|one more step|captcha|permission to (?:view|access)|403 forbidden|unusual (?:traffic|activity)",
        r"nur einen moment|sicherheits(?:über)?prüfung|zugriff (?:verweigert|gesperrt|blockiert)|(?:kein roboter|ein mensch)|bestätigen sie",
        r"un instant|accès (?:refusé|bloqué|temporairement restreint|restreint)|vérification de sécurité|(?:pas un robot|un humain)",
        r"acceso (?:denegado|bloqueado|restringido|ha sido)|(?:comprobación|verificación) de seguridad|no es un robot|es humano|un momento",
        r"accesso (?:negato|bloccato|limitato)|non sei un robot|verifica di sicurezza|acesso (?:negado|bloqueado|foi bloqueado)|não é um robô|verificação de segurança",
        r"toegang (?:geweigerd|geblokkeerd|beperkt)|(?:een|geen) robot|beveiligingscontrole",
        r"erişim (?:engellendi|reddedildi|kısıtlandı)|robot olmadığınız|bir dakika|güvenlik (?:kontrolü|doğrulaması)",
        r"доступ (?:ограничен|запрещ[её]н|заблокирован)|не робот|подождите|проверка безопасности|доступ (?:обмежено|заборонено)",
        r"odmowa dostępu|dostęp (?:zablokowany|ograniczony)|nie jesteś robotem|přístup (?:odepřen|zamítnut)|nejste robot|åtkomst nekad|ingen robot|tilgang nektet|adgang nægtet|ikke en robot|pääsy (?:estetty|evätty)",
        r"アクセス(?:が拒否|できません|が制限)|ロボットではない|رفض الوصول|لست روبوت|تم حظر|请稍候|访问(?:被拒绝|受限)|安全(?:验证|检查)|접근이? (?:거부|차단)|로봇이 아닙니다|보안 확인",
    ),
    _any(
        r"unusual (?:traffic|activity)|not a (?:robot|bot)|you are human|you were a bot|captcha|press and hold|reference (?:#|id|\d)|request id|ray id|enable (?:javascript|cookies)|checking your browser|blocked|security (?:service|system)|permission to access",
        r"kein roboter|ungewöhnliche|schutzsystem|blockiert|wenige sekunden",
        r"pas un robot|activité inhabituelle|trafic inhabituel|votre navigateur|redirigé",
        r"no es un robot|tráfico inusual|actividad inusual|su navegador|comprobando",
        r"non essere un robot|traffico insolito|attività insolita|não é um robô|tráfego (?:invulgar|incomum)|atividade (?:invulgar|incomum)|o seu navegador",
        r"ongewoon verkeer|geen robot|ongebruikelijk",
        r"olağan dışı|olağandışı|doğrulama|robot olmadığınız",
        r"подозрительн|не робот|пройдите проверку|ваш браузер|необычн|підозріл",
        r"nietypow|nie jesteś robotem|neobvykl|ovanlig|uvanlig|usædvanlig|epätavalli",
        r"通常とは異なる|ロボットではない|غير عادي|أكمل التحقق|异常|流量|비정상|로봇이 아닙니다",
    ),
)

MAINTENANCE = Kind(
    Verdict.MAINTENANCE,
    _any(
        r"back (?:soon|shortly)|maintenance|(?:50[0234])\W*(?:service|bad|gateway|internal|error)|service (?:temporarily )?unavailable|bad gateway|internal server error|gateway time-?out|temporarily (?:down|offline|unavailable)|technical (?:difficulties|problems)|error establishing a database|application error|something went wrong",
        r"wartung|gleich wieder da|technische (?:störung|probleme)|vorübergehend nicht",
        r"maintenance|revenons (?:bientôt|vite)|bientôt de retour|momentanément indisponible|problème technique",
        r"mantenimiento|volvemos|temporalmente (?:no disponible|fuera)|problemas técnicos",
        r"manutenzione|torniamo (?:subito|presto)|temporaneamente|manutenção|voltamos|temporariamente",
        r"onderhoud|zo terug|tijdelijk niet|storing",
        r"bakım|birazdan|geçici olarak",
        r"технические (?:работы|неполадки)|скоро вернёмся|скоро вернемся|временно недоступ|обслуживани|технічні роботи|тимчасово",
        r"przerwa techniczna|zaraz wracamy|prace (?:techniczne|konserwacyjne)|chwilowo|údržb|brzy zpět|underhåll|snart tillbaka|vedlikehold|vedligeholdelse|straks tilbake|huolto|palaamme",
        r"メンテナンス|صيانة|سنعود|维护|維護|점검",
    ),
    _any(
        r"(?:down|offline|closed|undergoing|unavailable).{0,30}maintenance|try again|expect to (?:be back|return)|(?:temporarily|currently) (?:unable|unavailable|down|offline)|thank you for your patience|please (?:try|check back|come back)|server (?:is|encountered|was)",
        r"(?:versuchen|probieren) sie|wird (?:gerade|derzeit) gewartet|vorübergehend nicht (?:erreichbar|verfügbar)|nicht erreichbar",
        r"réessayer|revenir|en cours de maintenance|indisponible|merci de (?:votre patience|réessayer)",
        r"(?:vuelva|intente|inténtelo|intentarlo)\b.{0,30}|estamos realizando",
        r"riprova|torn\w+ (?:tra|più tardi)|in manutenzione|tente novamente|volte (?:mais tarde|dentro)",
        r"(?:website|site|pagina) is tijdelijk|probeer het|niet bereikbaar",
        r"hizmet dışı|tekrar deneyin|daha sonra",
        r"попробуйте|зайти позже|зайдите|спробуйте|ведутся|приносим извинения",
        r"spróbować|spróbuj|trwają|zkuste|försök igen|prøv igjen|prøv igen|yritä uudelleen",
        r"再度アクセス|しばらくして|يرجى المحاولة|قيد الصيانة|稍后|稍後|다시 (?:시도|접속)|이용에 불편",
    ),
)

# What stands under the beginning of an article that the reader has to pay for. Alone it proves nothing: many sites
# print it under free articles, too.
OFFER = _any(
    r"(?:subscribe|sign in|log in|register|sign up|create an account|become a (?:member|subscriber))\b.{0,30}\b(?:to (?:continue|read|unlock|keep reading|access)|for (?:full|unlimited) access)|(?:this (?:article|story|content)|the rest) is (?:for|only|reserved|available).{0,20}(?:subscribers|members)|already (?:a )?(?:subscriber|member|subscribed)|keep reading with|to read the full (?:story|article)",
    r"weiterlesen mit|(?:jetzt|sofort) weiterlesen|bereits (?:abonnent|registriert|kunde|ein abo)|nur für abonnenten|exklusiv für abonnenten|artikel (?:freischalten|mit .{0,12}abo lesen)",
    r"réservé(?:e|s)? aux abonnés|il vous reste .{0,12}% de cet article|abonnez-vous pour (?:lire|continuer)|déjà abonné|pour lire la suite",
    r"suscr[íi]b\w+ para (?:seguir|leer|continuar)|ya eres suscriptor|exclusivo para suscriptores|contenido (?:solo|exclusivo) para|inicia sesión para",
    r"abbonati per (?:continuare|leggere)|sei già abbonato|riservato agli abbonati|contenuto per (?:gli )?abbonati",
    r"assine para (?:continuar|ler)|já é assinante|exclusivo para assinantes|conteúdo exclusivo",
    r"(?:alleen|exclusief) voor abonnees|word abonnee|al abonnee|lees verder met",
    r"dla (?:prenumeratorów|subskrybentów)|kup dostęp|pro předplatitele|för prenumeranter|for abonnenter|kun for abonnenter|tilaajille|logga in för att läsa",
    r"для подписчиков|оформите подписку|для передплатників|abonelere özel|okumaya devam etmek için|للمشتركين|会員限定|有料会員|残り\d+文字|订阅(?:后)?阅读|구독자 전용",
)

KINDS = (BLOCKED, CONSENT, GONE, MAINTENANCE)
